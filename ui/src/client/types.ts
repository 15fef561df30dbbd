import type { components } from "./schema.js";

type Schemas = components["schemas"];

export type User = Schemas["User"];
export type SignupRequest = Schemas["SignupRequest"];
type SignedUp = Schemas["SignupResponse"];
/** Without `user` the address has to be confirmed first. */
export type SignupResponse = Schemas["DoneResponse"] & Partial<Pick<SignedUp, "user" | "api_token">>;
export type LoginRequest = Schemas["LoginRequest"];
export type LoginResponse = Schemas["LoginResponse"];
export type LogoutResponse = Schemas["SuccessResponse"];
export type ProfileResponse = Schemas["ProfileResponse"];
export type UpdateProfileRequest = Schemas["UpdateProfileRequest"];
export type UpdateProfileResponse = Schemas["UpdateProfileResponse"];
export type VerifyResponse = Schemas["VerifyResponse"];
export type ApiTokenResponse = Schemas["ApiTokenResponse"];
export type RotateApiTokenResponse = Schemas["RotateApiTokenResponse"];
export type ErrorResponse = Schemas["ErrorResponse"];
