export { ChangePasswordForm, type ChangePasswordFormProps } from "./change-password-form.js";
