export { ConfirmEmailChange, type ConfirmEmailChangeProps } from "./confirm-email-change.js";
