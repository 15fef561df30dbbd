import type { components } from "./schema.js";

type Schemas = components["schemas"];

/** An answer that only says that it worked. */
export type Done = Schemas["SuccessResponse"];
export type DoneWithMessage = Schemas["DoneResponse"];
export type EmailRequest = Schemas["ForgotPasswordRequest"];
export type LinkRequest = Schemas["EmailLinkRequest"];
export type ResetPasswordRequest = Schemas["ResetPasswordRequest"];
export type ChangePasswordRequest = Schemas["ChangePasswordRequest"];
export type ChangePasswordResponse = Schemas["ChangePasswordResponse"];
export type DeleteAccountRequest = Schemas["DeleteAccountRequest"];
/** A browser or program that is signed in. */
export type ListedSession = Schemas["SessionView"];
export type SessionsResponse = Schemas["SessionsResponse"];
/** An API token with a name. Without `scopes` it may do everything. */
export type NamedApiToken = Schemas["ApiToken"];
export type ApiTokensResponse = Schemas["ApiTokensResponse"];
export type CreateApiTokenRequest = Pick<Schemas["CreateApiTokenRequest"], "name"> &
  Partial<Schemas["CreateApiTokenRequest"]>;
export type CreateApiTokenResponse = Schemas["CreateApiTokenResponse"];
/** Something that happened to the account. */
export type ActivityEvent = Schemas["ActivityEvent"];
export type ActivityResponse = Schemas["ActivityResponse"];
