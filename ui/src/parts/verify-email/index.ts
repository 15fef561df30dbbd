export { VerifyEmail, type VerifyEmailProps } from "./verify-email.js";
