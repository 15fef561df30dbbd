import { csrfToken } from "./csrf.js";
import { ApiError } from "./errors.js";
import { type Call, createSend, type RequestSettings } from "./request.js";
import type {
  ApiTokenResponse,
  LoginRequest,
  LoginResponse,
  LogoutResponse,
  ProfileResponse,
  RotateApiTokenResponse,
  SignupRequest,
  SignupResponse,
  UpdateProfileRequest,
  UpdateProfileResponse,
  VerifyResponse,
} from "./types.js";

export interface ClientOptions extends RequestSettings {
  /** Called when a call that needs a session is answered 401. The call still fails; it is never repeated. */
  onSessionEnded?: () => void;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface Client {
  /** Sends any call: what the functions in `account` are made of, and what yours may be. */
  send<Answer>(call: Call): Promise<Answer>;
  signup(input: SignupRequest, options?: CallOptions): Promise<SignupResponse>;
  login(input: LoginRequest, options?: CallOptions): Promise<LoginResponse>;
  logout(options?: CallOptions): Promise<LogoutResponse>;
  profile(options?: CallOptions): Promise<ProfileResponse>;
  updateProfile(input: UpdateProfileRequest, options?: CallOptions): Promise<UpdateProfileResponse>;
  apiToken(options?: CallOptions): Promise<ApiTokenResponse>;
  /** Makes a new API token; the old one stops working. */
  rotateApiToken(options?: CallOptions): Promise<RotateApiTokenResponse>;
  /** Asks whose API token this is. For services, not for browsers: a page has no business with one. */
  verify(apiToken: string, options?: CallOptions): Promise<VerifyResponse>;
  /** False only when it is certain that nobody is signed in here, so that nobody need be asked. */
  mayHaveSession(): boolean;
}

/**
 * A typed client of the service. The session lives in HttpOnly cookies; all that is kept here is the CSRF token of a
 * service on another host, whose cookies the page cannot read.
 */
export function createClient(options: ClientOptions = {}): Client {
  const send = createSend(options);

  async function guarded<Answer>(call: Call): Promise<Answer> {
    try {
      return await send<Answer>(call);
    } catch (error) {
      if (call.session && error instanceof ApiError && error.status === 401) options.onSessionEnded?.();
      throw error;
    }
  }

  return {
    send: guarded,
    // A sign-up or login that got no answer may still have happened: only the person may send it again.
    signup: (body, more) =>
      send({ method: "POST", path: "/api/auth/signup", body, repeatable: false, ...more }),
    login: (body, more) =>
      send({ method: "POST", path: "/api/auth/login", body, repeatable: false, ...more }),
    // Logging out twice is logging out; giving up early would leave someone signed in.
    logout: (more) => send({ method: "POST", path: "/api/auth/logout", repeatable: true, ...more }),
    profile: (more) =>
      guarded({ method: "GET", path: "/api/profile", session: true, repeatable: true, ...more }),
    updateProfile: (body, more) =>
      guarded({
        method: "PUT",
        path: "/api/profile/update",
        body,
        session: true,
        repeatable: true,
        ...more,
      }),
    apiToken: (more) =>
      guarded({ method: "GET", path: "/api/auth/api-token", session: true, repeatable: true, ...more }),
    rotateApiToken: (more) =>
      guarded({
        method: "POST",
        path: "/api/auth/api-token/rotate",
        session: true,
        repeatable: false,
        ...more,
      }),
    verify: (apiToken, more) =>
      send({
        method: "GET",
        path: "/api/auth/verify",
        headers: { Authorization: `Bearer ${apiToken}` },
        repeatable: true,
        ...more,
      }),
    mayHaveSession: () => mayHaveSession(options),
  };
}

function mayHaveSession({ baseUrl, headers }: ClientOptions): boolean {
  // The readable cookie comes and goes with the session, but only a page of the same origin can see it.
  if (baseUrl || headers || typeof document === "undefined") return true;
  return csrfToken(document.cookie) !== null;
}
