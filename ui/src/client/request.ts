import { csrfToken } from "./csrf.js";
import { ApiError, errorFromResponse, GENERIC_ERROR, UNREACHABLE } from "./errors.js";
import { DEFAULT_RETRY, type RetryPolicy, retryDelay } from "./retry.js";

export interface RequestSettings {
  /**
   * Where the service answers, without a slash at the end. Empty: this origin. Another one must be of the same site,
   * since cookies go nowhere else, and list this page's origin in `ALLOWED_ORIGINS`.
   */
  baseUrl?: string;
  fetch?: typeof fetch;
  /** Sent with every call, for example a forwarded `cookie` when rendering on a server. */
  headers?: HeadersInit | (() => HeadersInit);
  /** Give up on an answer after this many milliseconds. */
  timeoutMs?: number;
  retry?: Partial<RetryPolicy>;
}

export interface Call {
  method: "GET" | "POST" | "PUT";
  path: string;
  body?: unknown;
  headers?: HeadersInit;
  /** Sending it twice does what sending it once does. */
  repeatable: boolean;
  /** It needs a session: a 401 says that there is none any more. */
  session?: boolean;
  signal?: AbortSignal | undefined;
}

export type Send = <Answer>(call: Call) => Promise<Answer>;

const SAFE = "GET";
const CSRF = "X-CSRF-Token";

/** Returns the one function all calls go through: headers in, JSON or an ApiError out, repeated where allowed. */
export function createSend(settings: RequestSettings): Send {
  const policy = { ...DEFAULT_RETRY, ...settings.retry };
  // What a service on another host said last: its cookie is one that the page cannot read.
  let told = "";
  let asked = 0;
  let toldTo = 0;

  // A cookie that can be read belongs to the page's own host, on whatever port: of another it says nothing.
  const known = () =>
    typeof document === "undefined"
      ? ""
      : (new URL(settings.baseUrl ?? "", location.href).hostname === location.hostname &&
          csrfToken(document.cookie)) ||
        told;

  async function attemptOnce(call: Call, csrf: string): Promise<unknown> {
    asked += 1;
    const mine = asked;
    const { response, text } = await exchange(settings, call, csrf);
    const said = response.headers.get(CSRF);
    // A change that says it has just opened or ended the session; what was asked before may be of another person's.
    if (said !== null && (call.method !== SAFE || mine > toldTo)) {
      told = said;
      toldTo = call.method === SAFE ? mine : asked;
    }
    const body = parse(text);
    if (!response.ok) throw errorFromResponse(response, body);
    // A network's own "please log in" page answers 200 to anything; it is not the service speaking.
    if (body === undefined) throw new ApiError(GENERIC_ERROR, { status: response.status });
    return body;
  }

  /** Reads the profile, which says the token. Where that fails, the call has its own answer. */
  async function learn({ signal }: Call): Promise<string> {
    await attemptOnce({ method: SAFE, path: "/api/profile", repeatable: false, signal }, "").catch(() => {});
    return known();
  }

  return async <Answer>(call: Call) => {
    // Read once: when somebody else has logged in before it is repeated, the call must be refused, not done in their name.
    let csrf = known();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return (await attemptOnce(call, csrf)) as Answer;
      } catch (error) {
        if (settings.baseUrl && error instanceof ApiError && error.status === 403) {
          // The session is another by now. What is done next asks for its token; this was meant for the one before.
          told = "";
          // For want of a token, on a page that has read nothing yet, and so means whoever is there.
          if (!csrf && !attempt) {
            csrf = await learn(call);
            if (csrf) continue;
          }
        }
        const wait =
          call.repeatable && error instanceof ApiError && error.isTransient
            ? retryDelay(attempt, error.retryAfter, policy)
            : null;
        if (wait === null) throw error;
        await sleep(wait, call.signal);
      }
    }
  };
}

async function exchange(settings: RequestSettings, call: Call, csrf: string) {
  const send = settings.fetch ?? globalThis.fetch;
  const limit = deadline(settings.timeoutMs ?? 30_000, call.signal);
  try {
    const response = await send((settings.baseUrl ?? "") + call.path, {
      method: call.method,
      headers: headersFor(settings, call, csrf),
      body: call.body === undefined ? null : JSON.stringify(call.body),
      credentials: settings.baseUrl ? "include" : "same-origin",
      cache: "no-store",
      signal: limit.signal,
    });
    return { response, text: await response.text() };
  } catch (cause) {
    if (call.signal?.aborted) throw cause;
    throw new ApiError(UNREACHABLE, { status: 0, cause });
  } finally {
    limit.clear();
  }
}

function headersFor(settings: RequestSettings, call: Call, csrf: string): Headers {
  const common = typeof settings.headers === "function" ? settings.headers() : settings.headers;
  const headers = new Headers(common);
  new Headers(call.headers).forEach((value, name) => {
    headers.set(name, value);
  });
  headers.set("Accept", "application/json");
  if (call.body !== undefined) headers.set("Content-Type", "application/json");
  if (call.method !== SAFE && csrf && !headers.has("Authorization")) headers.set(CSRF, csrf);
  return headers;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A signal that fires with the caller's or when time is up. (AbortSignal.any is younger than some browsers.) */
function deadline(milliseconds: number, outer?: AbortSignal) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const timer = setTimeout(stop, milliseconds);
  if (outer?.aborted) stop();
  outer?.addEventListener("abort", stop);
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", stop);
    },
  };
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
  });
}
