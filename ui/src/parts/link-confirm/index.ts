export { LinkConfirm, type LinkConfirmProps } from "./link-confirm.js";
