import { vi } from "vitest";
import type { ActivityEvent, ListedSession, NamedApiToken, User } from "../src/index.js";

export const ADA: User = {
  id: "5f0c7f0e-3f4e-4f0a-9c0d-0a1b2c3d4e5f",
  email: "ada@example.com",
  name: "Ada",
  plan: "free",
  createdAt: "2025-03-14T09:26:53.589Z",
  lastModified: "2025-03-14T09:26:53.589Z",
};

export const BOB: User = {
  ...ADA,
  id: "0b0b0b0b-0000-4000-8000-000000000000",
  email: "bob@example.com",
  name: "Bob",
};

const AT = "2030-01-31T12:00:00.000Z";

export const SESSIONS: ListedSession[] = [
  {
    id: "s2",
    current: false,
    device: "Safari on iPhone",
    network: "198.51.100.0/24",
    createdAt: AT,
    lastUsedAt: AT,
  },
  {
    id: "s1",
    current: true,
    device: "Firefox on Linux",
    network: "203.0.113.0/24",
    createdAt: AT,
    lastUsedAt: AT,
  },
];

export const TOKENS: NamedApiToken[] = [
  { id: "t1", name: "Backup", scopes: [], createdAt: AT },
  {
    id: "t2",
    name: "Billing",
    scopes: ["read:orders", "write:orders"],
    createdAt: AT,
    expiresAt: "2020-01-31T12:00:00.000Z",
    lastUsedAt: AT,
    limit: 100,
  },
];

export const EVENTS: ActivityEvent[] = [
  { at: AT, event: "plan_changed", by: "operator", detail: "pro" },
  { at: AT, event: "login", by: "user", network: "203.0.113.0/24" },
  { at: AT, event: "some_day_added", by: "user" },
];

export interface Seen {
  method: string;
  path: string;
  headers: Headers;
  body: unknown;
}

type Answer = Response | Promise<Response>;
type Handler = (seen: Seen) => Answer;

export const json = (status: number, body: unknown, headers: HeadersInit = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

export const failure = (status: number, error: string, more: object = {}, headers: HeadersInit = {}) =>
  json(status, { success: false, error, ...more }, headers);

export const dead = () => failure(401, "Authentication required");

/** What a login that succeeds answers. */
export const loggedIn = (user: User = ADA) =>
  json(200, { success: true, message: "Login successful", token: "jwt", user, api_token: "wg_token_1" });

export const later = (milliseconds: number, answer: () => Response) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  }).then(answer);

/** An answer that arrives when the test says so. */
export function pending() {
  let finish: (response: Response) => void = () => {};
  const answer = new Promise<Response>((resolve) => {
    finish = resolve;
  });
  return { answer, finish };
}

/**
 * Stands in for the service behind `fetch`: handlers by "METHOD /path", each call recorded in `calls`.
 * A call nobody expected is answered 404 and so shows up in the test.
 */
export function serve(handlers: Record<string, Handler>) {
  const calls: Seen[] = [];
  const fake = vi.fn(async (url: RequestInfo | URL, init: RequestInit = {}) => {
    const seen: Seen = {
      method: init.method ?? "GET",
      path: String(url),
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? JSON.parse(init.body) : null,
    };
    calls.push(seen);
    const handler = handlers[`${seen.method} ${seen.path}`];
    if (!handler) return failure(404, "Not found");
    const aborted = new Promise<never>((_, reject) => {
      init.signal?.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError")));
    });
    return Promise.race([handler(seen), aborted]);
  });
  vi.stubGlobal("fetch", fake);
  return { calls, fetch: fake };
}

/** As after a login: the page can see that there is a session. */
export function haveSession(value = "csrf-1") {
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no cookie store
  document.cookie = `csrf_token=${value}; Path=/`;
}

export function loseSession() {
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no cookie store
  document.cookie = "csrf_token=; Max-Age=0; Path=/";
}
