export { Done } from "./done.js";
