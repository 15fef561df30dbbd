import type {
  ActivityResponse,
  ApiTokensResponse,
  ChangePasswordRequest,
  ChangePasswordResponse,
  CreateApiTokenRequest,
  CreateApiTokenResponse,
  DeleteAccountRequest,
  Done,
  DoneWithMessage,
  EmailRequest,
  LinkRequest,
  ResetPasswordRequest,
  SessionsResponse,
} from "./account-types.js";
import type { CallOptions, Client } from "./client.js";

// Functions beside the client, not methods of it: an application carries the code of those it uses.

function post<Answer>(client: Client, path: string, body: unknown, more?: CallOptions): Promise<Answer> {
  return client.send({ method: "POST", path, body, repeatable: false, ...more });
}

/** For calls that need a session. With `repeatable`, doing it twice is doing it once. */
function act<Answer>(
  client: Client,
  path: string,
  body: unknown,
  repeatable: boolean,
  more?: CallOptions,
): Promise<Answer> {
  return client.send({ method: "POST", path, body, session: true, repeatable, ...more });
}

function read<Answer>(client: Client, path: string, more?: CallOptions): Promise<Answer> {
  return client.send({ method: "GET", path, session: true, repeatable: true, ...more });
}

/** Asks for a link to choose a new password. The answer is the same whether or not the address has an account. */
export const forgotPassword = (client: Client, body: EmailRequest, more?: CallOptions) =>
  post<DoneWithMessage>(client, "/api/auth/password/forgot", body, more);

/** Chooses a new password with the token of a link. Ends every session. */
export const resetPassword = (client: Client, body: ResetPasswordRequest, more?: CallOptions) =>
  post<DoneWithMessage>(client, "/api/auth/password/reset", body, more);

/** Chooses a new password with the current one. This session goes on, all others end. */
export const changePassword = (client: Client, body: ChangePasswordRequest, more?: CallOptions) =>
  act<ChangePasswordResponse>(client, "/api/auth/password/change", body, false, more);

/** Confirms the address with the token of a link. */
export const verifyEmail = (client: Client, body: LinkRequest, more?: CallOptions) =>
  post<DoneWithMessage>(client, "/api/auth/email/verify", body, more);

/** Asks for another link to confirm an address. The answer is always the same. */
export const resendVerification = (client: Client, body: EmailRequest, more?: CallOptions) =>
  post<DoneWithMessage>(client, "/api/auth/email/resend", body, more);

/** Makes a new address count, with the token of the link that was sent there. */
export const confirmEmailChange = (client: Client, body: LinkRequest, more?: CallOptions) =>
  post<DoneWithMessage>(client, "/api/auth/email/change/confirm", body, more);

/** Takes a change of address back, with the token of the link sent to the old one. Ends every session. */
export const undoEmailChange = (client: Client, body: LinkRequest, more?: CallOptions) =>
  post<DoneWithMessage>(client, "/api/auth/email/change/undo", body, more);

/** Ends every session, this one included. */
export const logoutEverywhere = (client: Client, more?: CallOptions) =>
  act<Done>(client, "/api/auth/logout-everywhere", undefined, true, more);

/** Deletes the account for good. */
export const deleteAccount = (client: Client, body: DeleteAccountRequest, more?: CallOptions) =>
  act<Done>(client, "/api/account/delete", body, false, more);

/** Where the account is signed in, if the service keeps that. */
export const listSessions = (client: Client, more?: CallOptions) =>
  read<SessionsResponse>(client, "/api/auth/sessions", more);

/** Ends one session. */
export const endSession = (client: Client, body: { id: string }, more?: CallOptions) =>
  act<Done>(client, "/api/auth/sessions/end", body, true, more);

/** The named API tokens, without their secrets. */
export const listApiTokens = (client: Client, more?: CallOptions) =>
  read<ApiTokensResponse>(client, "/api/auth/api-tokens", more);

/** Makes a named API token. Only this answer ever holds its secret. */
export const createApiToken = (client: Client, body: CreateApiTokenRequest, more?: CallOptions) =>
  act<CreateApiTokenResponse>(client, "/api/auth/api-tokens", body, false, more);

/** Makes a named API token useless. */
export const revokeApiToken = (client: Client, body: { id: string }, more?: CallOptions) =>
  act<Done>(client, "/api/auth/api-tokens/revoke", body, true, more);

/** What happened to the account, newest first, if the service keeps that. */
export const listActivity = (client: Client, more?: CallOptions) =>
  read<ActivityResponse>(client, "/api/auth/activity", more);
