export { ApiTokensPanel, type ApiTokensPanelProps } from "./api-tokens-panel.js";
