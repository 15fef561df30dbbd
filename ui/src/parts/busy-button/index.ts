export { BusyButton, type BusyButtonProps } from "./busy-button.js";
