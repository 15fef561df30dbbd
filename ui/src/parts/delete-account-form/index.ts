export { DeleteAccountForm, type DeleteAccountFormProps } from "./delete-account-form.js";
