export { LogoutEverywhereButton, type LogoutEverywhereButtonProps } from "./logout-everywhere-button.js";
