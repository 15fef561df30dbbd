export { Field } from "./field.js";
