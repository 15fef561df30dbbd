export { LogoutButton, type LogoutButtonProps } from "./logout-button.js";
