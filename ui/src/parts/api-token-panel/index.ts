export { ApiTokenPanel, type ApiTokenPanelProps } from "./api-token-panel.js";
