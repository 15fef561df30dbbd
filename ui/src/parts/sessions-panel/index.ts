export { SessionsPanel, type SessionsPanelProps } from "./sessions-panel.js";
