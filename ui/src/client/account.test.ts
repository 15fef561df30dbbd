import { describe, expect, it, vi } from "vitest";
import { dead, failure, haveSession, json, type Seen, serve } from "../../test/service.js";
import { account, type Client, createClient } from "./index.js";

interface Call {
  does: (client: Client) => Promise<unknown>;
  route: string;
  body: unknown;
  /** How often the client asks when the service is in trouble. */
  attempts: number;
  session: boolean;
}

const link = { token: "secret.user" };
const CALLS: Record<string, Call> = {
  forgotPassword: {
    does: (client) => account.forgotPassword(client, { email: "ada@example.com" }),
    route: "POST /api/auth/password/forgot",
    body: { email: "ada@example.com" },
    attempts: 1,
    session: false,
  },
  resetPassword: {
    does: (client) => account.resetPassword(client, { ...link, password: "correct horse" }),
    route: "POST /api/auth/password/reset",
    body: { ...link, password: "correct horse" },
    attempts: 1,
    session: false,
  },
  changePassword: {
    does: (client) => account.changePassword(client, { current_password: "old", password: "new" }),
    route: "POST /api/auth/password/change",
    body: { current_password: "old", password: "new" },
    attempts: 1,
    session: true,
  },
  verifyEmail: {
    does: (client) => account.verifyEmail(client, link),
    route: "POST /api/auth/email/verify",
    body: link,
    attempts: 1,
    session: false,
  },
  resendVerification: {
    does: (client) => account.resendVerification(client, { email: "ada@example.com" }),
    route: "POST /api/auth/email/resend",
    body: { email: "ada@example.com" },
    attempts: 1,
    session: false,
  },
  confirmEmailChange: {
    does: (client) => account.confirmEmailChange(client, link),
    route: "POST /api/auth/email/change/confirm",
    body: link,
    attempts: 1,
    session: false,
  },
  undoEmailChange: {
    does: (client) => account.undoEmailChange(client, link),
    route: "POST /api/auth/email/change/undo",
    body: link,
    attempts: 1,
    session: false,
  },
  logoutEverywhere: {
    does: (client) => account.logoutEverywhere(client),
    route: "POST /api/auth/logout-everywhere",
    body: null,
    attempts: 3,
    session: true,
  },
  deleteAccount: {
    does: (client) => account.deleteAccount(client, { password: "correct horse" }),
    route: "POST /api/account/delete",
    body: { password: "correct horse" },
    attempts: 1,
    session: true,
  },
  listSessions: {
    does: (client) => account.listSessions(client),
    route: "GET /api/auth/sessions",
    body: null,
    attempts: 3,
    session: true,
  },
  endSession: {
    does: (client) => account.endSession(client, { id: "s1" }),
    route: "POST /api/auth/sessions/end",
    body: { id: "s1" },
    attempts: 3,
    session: true,
  },
  listApiTokens: {
    does: (client) => account.listApiTokens(client),
    route: "GET /api/auth/api-tokens",
    body: null,
    attempts: 3,
    session: true,
  },
  createApiToken: {
    does: (client) => account.createApiToken(client, { name: "Backup" }),
    route: "POST /api/auth/api-tokens",
    body: { name: "Backup" },
    attempts: 1,
    session: true,
  },
  revokeApiToken: {
    does: (client) => account.revokeApiToken(client, { id: "t1" }),
    route: "POST /api/auth/api-tokens/revoke",
    body: { id: "t1" },
    attempts: 3,
    session: true,
  },
  listActivity: {
    does: (client) => account.listActivity(client),
    route: "GET /api/auth/activity",
    body: null,
    attempts: 3,
    session: true,
  },
};

const routeOf = ({ method, path }: Seen) => `${method} ${path}`;
const quick = { retry: { baseMs: 1 } };

it("is all that there is", () => {
  expect(Object.keys(CALLS).sort()).toEqual(Object.keys(account).sort());
});

describe.each(Object.entries(CALLS))("%s", (_, { does, route, body, attempts, session }) => {
  it("asks what the service expects, with the CSRF token where something may change", async () => {
    haveSession("csrf-1");
    const { calls } = serve({ [route]: () => json(200, { success: true }) });

    await expect(does(createClient(quick))).resolves.toEqual({ success: true });

    expect(calls.map(routeOf)).toEqual([route]);
    expect(calls[0]?.body).toEqual(body);
    expect(calls[0]?.headers.get("X-CSRF-Token")).toBe(route.startsWith("GET") ? null : "csrf-1");
  });

  it("is repeated only where twice is the same as once", async () => {
    const { calls } = serve({ [route]: () => failure(503, "Busy") });

    await expect(does(createClient(quick))).rejects.toMatchObject({ status: 503 });

    expect(calls).toHaveLength(attempts);
  });

  it("tells of a dead session where it needs one, and never asks twice for that", async () => {
    const onSessionEnded = vi.fn();
    const { calls } = serve({ [route]: dead });

    await expect(does(createClient({ ...quick, onSessionEnded }))).rejects.toMatchObject({ status: 401 });

    expect(onSessionEnded).toHaveBeenCalledTimes(session ? 1 : 0);
    expect(calls).toHaveLength(1);
  });
});
