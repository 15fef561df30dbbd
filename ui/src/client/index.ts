export * as account from "./account.js";
export type * from "./account-types.js";
export { cleanBlock, cleanLine, countCharacters, hasLoneSurrogate } from "./clean.js";
export { type CallOptions, type Client, type ClientOptions, createClient } from "./client.js";
export { csrfToken } from "./csrf.js";
export { ApiError, type FieldErrors } from "./errors.js";
export { createGate, type Gate } from "./gate.js";
export { loginAddress, safeNext } from "./next.js";
export type { Call } from "./request.js";
export type { RetryPolicy } from "./retry.js";
export {
  bioRule,
  emailRule,
  LIMITS,
  nameRule,
  newPasswordRule,
  optionalNameRule,
  passwordRule,
  type Rule,
} from "./rules.js";
export { createSession, type Session, type SessionSnapshot } from "./session.js";
export type {
  ApiTokenResponse,
  ErrorResponse,
  LoginRequest,
  LoginResponse,
  LogoutResponse,
  ProfileResponse,
  RotateApiTokenResponse,
  SignupRequest,
  SignupResponse,
  UpdateProfileRequest,
  UpdateProfileResponse,
  User,
  VerifyResponse,
} from "./types.js";
