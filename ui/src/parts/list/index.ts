export { Item, type ItemProps, List } from "./list.js";
