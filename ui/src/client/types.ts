import type { components } from "./schema.js";

type Schemas = components["schemas"];

export type User = Schemas["User"];
export type SignupRequest = Schemas["SignupRequest"];
export type SignupResponse = Schemas["SignupResponse"];
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
