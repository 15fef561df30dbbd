import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ADA, dead, failure, haveSession, json, loggedIn, pending, serve } from "../../test/service.js";
import { createClient } from "./client.js";
import { csrfToken } from "./csrf.js";
import { ApiError } from "./errors.js";
import { createGate } from "./gate.js";

const GET = "GET /api/profile";
const TOKEN = "GET /api/auth/api-token";
const PUT = "PUT /api/profile/update";
const LOGIN = "POST /api/auth/login";
const credentials = { email: "ada@example.com", password: "secret-secret" };
const down = () => failure(503, "An error occurred, please try again");
const offline = () => Promise.reject<Response>(new TypeError("Failed to fetch"));

async function refusal(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error(`expected an ApiError, got ${String(error)}`);
  return error;
}

beforeEach(() => {
  vi.useFakeTimers();
});

/** Lets every wait pass until the call is settled. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  await vi.runAllTimersAsync();
  return promise;
}

describe("csrfToken", () => {
  it.each([
    ["", null],
    ["csrf_token=", null],
    ["xcsrf_token=a; csrf_tokens=b", null],
    ["a=b; csrf_token=x.y=z", "x.y=z"],
    ["csrf_token=plain; __Host-csrf_token=prefixed", "prefixed"],
    ["csrf_token=ours; \u00a0__Host-csrf_token=a sibling's", "ours"],
  ])("in %j", (cookies, token) => {
    expect(csrfToken(cookies)).toBe(token);
  });
});

describe("answers", () => {
  it("cannot change what every object inherits", async () => {
    const body = `{"success": true, "user": {"id": "1", "__proto__": {"planted": 1}}, "__proto__": {"planted": 1}}`;
    serve({ [GET]: () => new Response(body, { headers: { "Content-Type": "application/json" } }) });

    await createClient().profile();

    expect(({} as { planted?: number }).planted).toBeUndefined();
  });
});

describe("requests", () => {
  it("sends JSON with cookies, and the CSRF token with unsafe requests only", async () => {
    haveSession("token-7");
    const { calls, fetch } = serve({
      [GET]: () => json(200, { success: true, user: ADA }),
      [PUT]: () => json(200, { success: true, user: ADA }),
    });
    const client = createClient();

    await client.profile();
    await client.updateProfile({ name: "Ada" });

    expect(calls.map(({ headers }) => headers.get("X-CSRF-Token"))).toEqual([null, "token-7"]);
    expect(calls.map(({ headers }) => headers.get("Content-Type"))).toEqual([null, "application/json"]);
    expect(fetch.mock.calls.map(([, init]) => init?.credentials)).toEqual(["same-origin", "same-origin"]);
  });

  it("sends neither cookie token nor session hint where an Authorization header speaks", async () => {
    haveSession();
    const { calls } = serve({ [PUT]: () => json(200, { success: true, user: ADA }) });

    await createClient({ headers: { Authorization: "Bearer x" } }).updateProfile({});

    expect(calls[0]?.headers.get("X-CSRF-Token")).toBeNull();
    expect(calls[0]?.headers.get("Authorization")).toBe("Bearer x");
  });

  it("asks another origin with credentials", async () => {
    const { calls, fetch } = serve({
      "GET https://auth.example/api/profile": () => json(200, { user: ADA }),
    });

    await createClient({ baseUrl: "https://auth.example" }).profile();

    expect(calls).toHaveLength(1);
    expect(fetch.mock.calls[0]?.[1]?.credentials).toBe("include");
  });

  it("hands an API token to verify only", async () => {
    const { calls } = serve({ "GET /api/auth/verify": () => json(200, { success: true, user: ADA }) });

    await createClient().verify("wg_1");

    expect(calls[0]?.headers.get("Authorization")).toBe("Bearer wg_1");
  });

  it("leaves nothing of a session where scripts could read it", async () => {
    const setItem = vi.spyOn(Storage.prototype, "setItem");
    serve({ [LOGIN]: () => loggedIn() });

    await createClient().login(credentials);

    expect(setItem).not.toHaveBeenCalled();
    expect(document.cookie).not.toContain("jwt");
  });
});

describe("errors", () => {
  it("carry message, fields and wait", async () => {
    serve({
      [LOGIN]: () =>
        failure(
          429,
          "Too many",
          { field: "email", errors: { email: "A", password: "B" } },
          { "Retry-After": "9" },
        ),
    });

    const error = await refusal(createClient().login(credentials));

    expect(error).toMatchObject({ status: 429, message: "Too many", retryAfter: 9 });
    expect({ ...error.fields }).toEqual({ email: "A", password: "B" });
  });

  it.each([
    [502, "<html>Bad gateway</html>", "An error occurred, please try again"],
    [429, "", "Too many requests, please try again later"],
    [400, "null", "An error occurred, please try again"],
    [400, '{"error":7,"errors":[1],"field":{}}', "An error occurred, please try again"],
  ])("survive an answer %i %j", async (status, text, message) => {
    serve({ [LOGIN]: () => new Response(text, { status }) });

    const error = await refusal(createClient().login(credentials));

    expect(error.message).toBe(message);
    expect(Object.keys(error.fields)).toEqual([]);
  });

  it("keep a field named __proto__ apart", async () => {
    const body = '{"error":"x","errors":{"__proto__":"y"}}';
    serve({ [LOGIN]: () => new Response(body, { status: 400 }) });

    const error = await refusal(createClient().login(credentials));

    expect(Object.getPrototypeOf(error.fields)).toBeNull();
    expect(Object.keys(error.fields)).toEqual(["__proto__"]);
  });

  it("end a request that gets no answer in time", async () => {
    serve({ [LOGIN]: () => new Promise(() => {}) });

    const error = await refusal(settled(createClient({ timeoutMs: 1000 }).login(credentials)));

    expect(error).toMatchObject({ status: 0, isNetwork: true });
  });

  it("are not made of what the caller has cancelled", async () => {
    serve({ [GET]: () => new Promise(() => {}) });
    const controller = new AbortController();
    const call = createClient().profile({ signal: controller.signal });
    call.catch(() => {});

    controller.abort();

    await expect(settled(call)).rejects.toHaveProperty("name", "AbortError");
  });
});

describe("repetition", () => {
  it.each([
    ["a fault of the service", down],
    ["a lost network", offline],
  ])("gets over %s where repeating is safe", async (_, fault) => {
    let failures = 2;
    const answer = () => (failures-- > 0 ? fault() : json(200, { success: true, user: ADA }));
    const { calls } = serve({ [GET]: answer });

    await expect(settled(createClient().profile())).resolves.toMatchObject({ user: ADA });
    expect(calls).toHaveLength(3);
  });

  it("ends: three attempts and no more", async () => {
    const { calls } = serve({ [GET]: down, [TOKEN]: down, [PUT]: down, "POST /api/auth/logout": offline });
    const client = createClient();

    await refusal(settled(client.profile()));
    await refusal(settled(client.apiToken()));
    await refusal(settled(client.updateProfile({})));
    await refusal(settled(client.logout()));

    expect(calls).toHaveLength(12);
  });

  it.each([
    ["login", LOGIN, () => createClient().login(credentials)],
    ["sign-up", "POST /api/auth/signup", () => createClient().signup(credentials)],
    ["token rotation", "POST /api/auth/api-token/rotate", () => createClient().rotateApiToken()],
  ])("never happens for a %s", async (_, route, call) => {
    for (const fault of [down, offline]) {
      const { calls } = serve({ [route]: fault });
      await refusal(settled<unknown>(call()));
      expect(calls).toHaveLength(1);
    }
  });

  it.each([400, 401, 403, 404, 429, 501])("never happens after %i", async (status) => {
    const { calls } = serve({ [GET]: () => failure(status, "No", {}, { "Retry-After": "1" }) });

    await refusal(settled(createClient().profile()));

    expect(calls).toHaveLength(1);
  });

  it("waits as long as it was asked to", async () => {
    let first = true;
    const { calls } = serve({
      [GET]: () => {
        if (!first) return json(200, { user: ADA });
        first = false;
        return failure(503, "Busy", {}, { "Retry-After": "3" });
      },
    });
    const call = createClient().profile();

    await vi.advanceTimersByTimeAsync(2999);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls).toHaveLength(2);
    await call;
  });

  it("is refused when somebody else has logged in meanwhile, not done in their name", async () => {
    haveSession("ada");
    let first = true;
    const { calls } = serve({
      [PUT]: () => {
        if (!first) return failure(403, "Access denied");
        first = false;
        haveSession("bob");
        return down();
      },
    });

    expect(await refusal(settled(createClient().updateProfile({ name: "Ada" })))).toHaveProperty(
      "status",
      403,
    );
    expect(calls.map(({ headers }) => headers.get("X-CSRF-Token"))).toEqual(["ada", "ada"]);
  });

  it("stops when cancelled while waiting", async () => {
    const { calls } = serve({ [GET]: down });
    const controller = new AbortController();
    const call = createClient().profile({ signal: controller.signal });
    call.catch(() => {});

    await vi.advanceTimersByTimeAsync(1);
    controller.abort();

    await expect(settled(call)).rejects.toHaveProperty("name", "AbortError");
    expect(calls).toHaveLength(1);
  });
});

describe("on another host, whose cookies the page cannot read", () => {
  const AT = "https://auth.example.com";
  const told = (token: string) => json(200, { success: true, user: ADA }, { "X-CSRF-Token": token });
  const on = (route: string) => route.replace(" ", ` ${AT}`);
  const LOGOUT = "POST /api/auth/logout";
  const client = () => createClient({ baseUrl: AT });
  const sent = (calls: { method: string; headers: Headers }[]) =>
    calls.filter(({ method }) => method !== "GET").map(({ headers }) => headers.get("X-CSRF-Token"));

  it("the CSRF token is what the last answer said, and after a logout none", async () => {
    const { calls } = serve({
      [on(LOGIN)]: () => told("ada-1"),
      [on(GET)]: () => told("ada-2"),
      [on(PUT)]: () => json(200, { success: true, user: ADA }),
      [on(LOGOUT)]: () => told(""),
    });
    const { login, profile, updateProfile, logout } = client();

    await login(credentials);
    await updateProfile({});
    await profile();
    await updateProfile({});
    await logout();
    await login(credentials);

    expect(sent(calls)).toEqual([null, "ada-1", "ada-2", "ada-2", null]);
  });

  it("a change asks for the token that it lacks, and is sent again with it, once", async () => {
    let token = "ada";
    const { calls } = serve({ [on(GET)]: () => told(token), [on(LOGOUT)]: () => failure(403, "No") });

    await refusal(client().logout());
    token = "";
    await refusal(client().logout());

    expect(sent(calls)).toEqual([null, "ada", null]);
    expect(calls).toHaveLength(5);
  });

  it("a change is refused as it was when nobody can be asked for the token", async () => {
    serve({ [on(GET)]: offline, [on(PUT)]: () => failure(403, "Access denied") });

    expect(await refusal(client().updateProfile({}))).toHaveProperty("status", 403);
  });

  it.each([
    ["known", "ada"],
    ["not known yet", null],
  ])("what is repeated is not done in the name of who logs in meanwhile: token %s", async (_, before) => {
    let answer = () => (before ? told(before) : dead());
    let first = true;
    const { calls } = serve({
      [on(GET)]: () => answer(),
      [on(PUT)]: () => {
        if (!first) return failure(403, "Access denied");
        first = false;
        answer = () => told("bob");
        return down();
      },
    });
    const { profile, updateProfile } = client();
    await profile().catch(() => {});

    const saving = updateProfile({ name: "Ada" });
    saving.catch(() => {});
    await vi.advanceTimersByTimeAsync(1);
    await profile();

    expect(await refusal(settled(saving))).toHaveProperty("status", 403);
    expect(sent(calls)).toEqual([before, before]);
  });

  it("an answer about who was there before a login, or before a later answer, does not count", async () => {
    const answers = [pending(), pending(), pending()];
    let asked = 0;
    const { calls } = serve({
      [on(GET)]: () => answers[asked++]?.answer ?? dead(),
      [on(LOGIN)]: () => told("bob"),
      [on(PUT)]: () => json(200, { success: true, user: ADA }),
    });
    const { profile, login, updateProfile } = client();

    const [early, later, beforeLogin] = [profile(), profile(), profile()];
    answers[1]?.finish(told("ada-later"));
    await later;
    answers[0]?.finish(told("ada-early"));
    await early;
    await updateProfile({});
    await login(credentials);
    answers[2]?.finish(told("ada"));
    await beforeLogin;
    await updateProfile({});

    expect(sent(calls)).toEqual(["ada-later", "ada-later", "bob"]);
  });

  it.each([
    ["of another host is not read", AT, "said"],
    [
      "of this host, on whatever port, comes first",
      `${location.protocol}//${location.hostname}:8000`,
      "from-cookie",
    ],
  ])("a cookie %s", async (_, baseUrl, token) => {
    haveSession("from-cookie");
    const at = (route: string) => route.replace(" ", ` ${baseUrl}`);
    const { calls } = serve({ [at(GET)]: () => told("said"), [at(PUT)]: () => told("said") });
    const { profile, updateProfile } = createClient({ baseUrl });

    await profile();
    await updateProfile({});

    expect(sent(calls)).toEqual([token]);
  });

  it("a token of a session that was replaced elsewhere is refused once, and then asked for anew", async () => {
    let token = "ada-1";
    const { calls } = serve({
      [on(GET)]: () => told(token),
      [on(LOGOUT)]: ({ headers }) => (headers.get("X-CSRF-Token") === token ? told("") : failure(403, "No")),
    });
    const { profile, logout } = client();
    await profile();
    token = "ada-2";

    await refusal(logout());
    await logout();

    expect(sent(calls)).toEqual(["ada-1", null, "ada-2"]);
  });
});

describe("a dead session", () => {
  afterEach(() => history.replaceState(null, "", "/"));

  it("is reported by the calls that need one, and never by a login", async () => {
    serve({ [GET]: dead, [TOKEN]: dead, [PUT]: dead, [LOGIN]: () => failure(401, "Invalid credentials") });
    const onSessionEnded = vi.fn();
    const client = createClient({ onSessionEnded });

    await refusal(client.login(credentials));
    expect(onSessionEnded).not.toHaveBeenCalled();
    await refusal(client.profile());
    await refusal(client.apiToken());
    await refusal(client.updateProfile({}));
    expect(onSessionEnded).toHaveBeenCalledTimes(3);
  });

  it("leads to the login page once, however many calls fail", async () => {
    const { calls } = serve({ [GET]: dead });
    history.replaceState(null, "", "/orders?page=2");
    const navigate = vi.fn();
    const client = createClient({ onSessionEnded: createGate("/login", navigate).send });

    await Promise.allSettled([client.profile(), client.profile(), client.profile()]);

    expect(navigate).toHaveBeenCalledExactlyOnceWith("/login?next=%2Forders%3Fpage%3D2");
    expect(calls).toHaveLength(3);
  });

  it("leads nowhere from the login page itself", () => {
    history.replaceState(null, "", "/login?next=/x");
    const navigate = vi.fn();

    createGate("/login", navigate).send();

    expect(navigate).not.toHaveBeenCalled();
  });

  it("leads to the login page again after another login", () => {
    const navigate = vi.fn();
    const gate = createGate("/login", navigate);

    gate.hold();
    gate.send();
    expect(navigate).not.toHaveBeenCalled();
    gate.reset();
    gate.send();
    expect(navigate).toHaveBeenCalledOnce();
  });
});
