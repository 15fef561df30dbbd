export { Confirm } from "./confirm.js";
