export { ResendVerification, type ResendVerificationProps } from "./resend-verification.js";
