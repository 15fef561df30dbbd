export { EmailField } from "./email-field.js";
