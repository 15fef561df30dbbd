export { PasswordField } from "./password-field.js";
export { PasswordHint } from "./password-hint.js";
