import type { components } from "./schema.js";

type Schemas = components["schemas"];

export type User = Schemas["User"] & {
  /** Left out by a service that does not have addresses confirmed. */
  emailVerified?: boolean;
  /** The new address, while its owner has not confirmed it. */
  pendingEmail?: string;
};
export type SignupRequest = Schemas["SignupRequest"];
/** Without `user` the address has to be confirmed first. */
export type SignupResponse = Omit<Schemas["SignupResponse"], "user" | "api_token"> & {
  user?: User;
  api_token?: string;
};
export type LoginRequest = Schemas["LoginRequest"];
export type LoginResponse = Schemas["LoginResponse"];
export type LogoutResponse = Schemas["LogoutResponse"];
export type ProfileResponse = Schemas["ProfileResponse"];
export type UpdateProfileRequest = Schemas["UpdateProfileRequest"];
export type UpdateProfileResponse = Schemas["UpdateProfileResponse"];
export type VerifyResponse = Schemas["VerifyResponse"];
export type ApiTokenResponse = Schemas["ApiTokenResponse"];
export type RotateApiTokenResponse = Schemas["RotateApiTokenResponse"];
export type ErrorResponse = Schemas["ErrorResponse"];
