export { Field, Select } from "./field.js";
