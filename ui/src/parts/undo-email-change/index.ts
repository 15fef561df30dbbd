export { UndoEmailChange, type UndoEmailChangeProps } from "./undo-email-change.js";
