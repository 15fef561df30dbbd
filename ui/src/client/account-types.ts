/** An answer that only says that it worked. */
export interface Done {
  success: boolean;
}

export interface DoneWithMessage extends Done {
  message: string;
}

export interface EmailRequest {
  email: string;
}

export interface LinkRequest {
  token: string;
}

export interface ResetPasswordRequest extends LinkRequest {
  password: string;
}

export interface ChangePasswordRequest {
  current_password: string;
  password: string;
}

export interface ChangePasswordResponse extends DoneWithMessage {
  token: string;
}

/** A browser or program that is signed in. Times are ISO 8601 in UTC. */
export interface ListedSession {
  id: string;
  /** The session that asks. */
  current: boolean;
  device: string;
  network?: string;
  createdAt: string;
  lastUsedAt: string;
}

export interface SessionsResponse extends Done {
  sessions: ListedSession[];
}

/** A named API token. Without `scopes` it may do everything. */
export interface NamedApiToken {
  id: string;
  name: string;
  scopes: string[];
  createdAt: string;
  expiresAt?: string;
  lastUsedAt?: string;
  limit?: number;
}

export interface ApiTokensResponse extends Done {
  tokens: NamedApiToken[];
}

export interface CreateApiTokenRequest {
  name: string;
  scopes?: string[];
  expires_in_days?: number;
  limit?: number;
}

export interface CreateApiTokenResponse extends Done {
  api_token: string;
  token: NamedApiToken;
}

/** Something that happened to the account. */
export interface ActivityEvent {
  at: string;
  event: string;
  network?: string;
  detail?: string;
  by: "user" | "operator";
}

export interface ActivityResponse extends Done {
  events: ActivityEvent[];
}
