export * from "./client/index.js";
export { ActivityList, type ActivityListProps } from "./parts/activity-list/index.js";
export { ApiTokenPanel, type ApiTokenPanelProps } from "./parts/api-token-panel/index.js";
export { ApiTokensPanel, type ApiTokensPanelProps } from "./parts/api-tokens-panel/index.js";
export { ChangePasswordForm, type ChangePasswordFormProps } from "./parts/change-password-form/index.js";
export { ConfirmEmailChange, type ConfirmEmailChangeProps } from "./parts/confirm-email-change/index.js";
export { DeleteAccountForm, type DeleteAccountFormProps } from "./parts/delete-account-form/index.js";
export { ForgotPasswordForm, type ForgotPasswordFormProps } from "./parts/forgot-password-form/index.js";
export { LoginForm, type LoginFormProps } from "./parts/login-form/index.js";
export { LogoutButton, type LogoutButtonProps } from "./parts/logout-button/index.js";
export {
  LogoutEverywhereButton,
  type LogoutEverywhereButtonProps,
} from "./parts/logout-everywhere-button/index.js";
export { ProfileForm, type ProfileFormProps } from "./parts/profile-form/index.js";
export { ResendVerification, type ResendVerificationProps } from "./parts/resend-verification/index.js";
export { ResetPasswordForm, type ResetPasswordFormProps } from "./parts/reset-password-form/index.js";
export { SessionsPanel, type SessionsPanelProps } from "./parts/sessions-panel/index.js";
export { SignupForm, type SignupFormProps } from "./parts/signup-form/index.js";
export { UndoEmailChange, type UndoEmailChangeProps } from "./parts/undo-email-change/index.js";
export { VerifyEmail, type VerifyEmailProps } from "./parts/verify-email/index.js";
export type { LinkProps } from "./react/context.js";
export { defaultTexts, type Texts } from "./react/default-texts.js";
export type { ClassNames, Part } from "./react/parts.js";
export { WicketgateProvider, type WicketgateProviderProps } from "./react/provider.js";
export type { Action } from "./react/use-action.js";
export { useActivity } from "./react/use-activity.js";
export { type UseApiToken, useApiToken } from "./react/use-api-token.js";
export {
  type UseApiTokens,
  type UseCreateApiTokenOptions,
  useApiTokens,
  useCreateApiToken,
} from "./react/use-api-tokens.js";
export { type UseChangePasswordOptions, useChangePassword } from "./react/use-change-password.js";
export { type UseDeleteAccountOptions, useDeleteAccount } from "./react/use-delete-account.js";
export { type UseForgotPasswordOptions, useForgotPassword } from "./react/use-forgot-password.js";
export type { FieldBinding, Form } from "./react/use-form.js";
export {
  type UseLink,
  type UseLinkOptions,
  useConfirmEmailChange,
  useUndoEmailChange,
  useVerifyEmail,
} from "./react/use-link.js";
export type { Listing } from "./react/use-listing.js";
export { type UseLoginOptions, useLogin } from "./react/use-login.js";
export { type UseLogoutOptions, useLogout } from "./react/use-logout.js";
export { useLogoutEverywhere } from "./react/use-logout-everywhere.js";
export { type UseProfileOptions, useProfile } from "./react/use-profile.js";
export {
  type UseResendVerificationOptions,
  useResendVerification,
} from "./react/use-resend-verification.js";
export {
  type UseResetPassword,
  type UseResetPasswordOptions,
  useResetPassword,
} from "./react/use-reset-password.js";
export { type UseSession, type UseSessionOptions, useSession } from "./react/use-session.js";
export { type UseSessions, useSessions } from "./react/use-sessions.js";
export { type UseSignupOptions, useSignup } from "./react/use-signup.js";
