import { describe, expect, it, vi } from "vitest";
import { ADA, dead, failure, haveSession, json, later, loseSession, serve } from "../../test/service.js";
import { createClient } from "./client.js";
import { createSession, type Session } from "./session.js";

const GET = "GET /api/profile";
const profile = () => json(200, { success: true, user: ADA });
const tick = (milliseconds = 0) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function open(name: string): { session: Session; close: () => void } {
  const session = createSession(createClient({ retry: { retries: 0 } }), name);
  return { session, close: session.subscribe(() => {}) };
}

const returnTo = (type: "focus" | "visibilitychange") =>
  type === "focus" ? dispatchEvent(new Event(type)) : document.dispatchEvent(new Event(type));

describe("session", () => {
  it("asks nobody before somebody listens, and nobody at all without the cookie that goes with a session", async () => {
    const { calls } = serve({ [GET]: profile });
    createSession(createClient());
    const { session, close } = open("no-cookie");
    await tick();

    expect(calls).toEqual([]);
    expect(session.get()).toMatchObject({ data: null, isPending: false, error: null });
    close();
  });

  it("learns who is signed in, with one question for any number of listeners", async () => {
    haveSession();
    const { calls } = serve({ [GET]: profile });
    const { session, close } = open("one-question");
    const closeToo = session.subscribe(() => {});
    expect(session.get().isPending).toBe(true);
    await tick();

    expect(session.get()).toMatchObject({ data: { user: ADA }, isPending: false });
    expect(calls).toHaveLength(1);
    close();
    closeToo();
  });

  it("takes a 401 for an answer and anything else for an error", async () => {
    haveSession();
    let answer = dead;
    serve({ [GET]: () => answer() });
    const { session, close } = open("errors");
    await tick();
    expect(session.get()).toMatchObject({ data: null, isPending: false, error: null });

    answer = () => failure(500, "An error occurred, please try again");
    await session.refetch();
    expect(session.get().error?.status).toBe(500);

    answer = profile;
    await session.refetch();
    expect(session.get()).toMatchObject({ data: { user: ADA }, error: null });

    answer = () => failure(500, "An error occurred, please try again");
    await session.refetch();
    expect(session.get()).toMatchObject({ data: { user: ADA }, error: { status: 500 } });
    close();
  });

  it("forgets everything private at once in every tab when one logs out", async () => {
    haveSession();
    serve({ [GET]: profile });
    const here = open("logout");
    const there = open("logout");
    await tick();
    here.session.expectApiToken(false)("wg_1");
    there.session.expectApiToken(false)("wg_1");

    here.session.ended();
    expect(here.session.get()).toMatchObject({ data: null, apiToken: null });
    await vi.waitFor(() => expect(there.session.get()).toMatchObject({ data: null, apiToken: null }));
    here.close();
    there.close();
  });

  it("tells the other tabs of a login without saying whose", async () => {
    const { calls } = serve({ [GET]: profile });
    const there = open("login");
    await tick();
    const heard: unknown[] = [];
    const spy = new BroadcastChannel("wicketgate:login");
    spy.onmessage = ({ data }) => heard.push(data);

    haveSession();
    createSession(createClient(), "login").began(ADA, "wg_secret");

    await vi.waitFor(() => expect(there.session.get().data).toEqual({ user: ADA }));
    expect(there.session.get().apiToken).toBeNull();
    expect(heard).toEqual(["changed"]);
    expect(calls).toHaveLength(1);
    spy.close();
    there.close();
  });

  it.each(["focus", "visibilitychange"] as const)("asks again on %s, but not all the time", async (type) => {
    vi.useFakeTimers();
    haveSession();
    const { calls } = serve({ [GET]: profile });
    const { close } = open(type);
    await vi.advanceTimersByTimeAsync(0);

    returnTo(type);
    await vi.advanceTimersByTimeAsync(0);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(60_000);
    returnTo(type);
    await vi.advanceTimersByTimeAsync(0);
    expect(calls).toHaveLength(2);

    close();
    await vi.advanceTimersByTimeAsync(60_000);
    returnTo(type);
    expect(calls).toHaveLength(2);
  });

  it("shows nothing of before when the browser brings the page back after a logout", async () => {
    haveSession();
    serve({ [GET]: profile });
    const { session, close } = open("back");
    await tick();
    expect(session.get().data).not.toBeNull();

    loseSession();
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));

    expect(session.get()).toMatchObject({ data: null, isPending: false });
    close();
  });

  it("does not believe an answer that is older than a logout", async () => {
    haveSession();
    serve({ [GET]: () => later(20, profile) });
    const { session, close } = open("late");

    session.ended();
    await tick(40);

    expect(session.get().data).toBeNull();
    close();
  });

  it("drops a token, known or under way, that another tab has replaced", async () => {
    haveSession();
    serve({ [GET]: profile });
    const here = open("replaced");
    const there = open("replaced");
    await tick();
    there.session.expectApiToken(false)("wg_1");
    const take = there.session.expectApiToken(false);

    here.session.expectApiToken(true)("wg_2");
    expect(here.session.get().apiToken).toBe("wg_2");
    await vi.waitFor(() => expect(there.session.get().apiToken).toBeNull());
    take("wg_1");

    expect(there.session.get()).toMatchObject({ data: { user: ADA }, apiToken: null });
    here.close();
    there.close();
  });

  it("takes a token whatever the same person changes meanwhile, and none for somebody else", async () => {
    haveSession();
    serve({ [GET]: profile });
    const { session, close } = open("expected");
    const early = session.expectApiToken(false);
    await tick();
    const take = session.expectApiToken(false);

    session.changed({ ...ADA, name: "Countess" });
    early("wg_1");
    expect(session.get().apiToken).toBe("wg_1");
    session.began({ ...ADA, id: "another" }, "wg_other");
    take("wg_1");

    expect(session.get().apiToken).toBe("wg_other");
    close();
  });

  it("does not bring somebody back whose save is answered after they have logged out", async () => {
    haveSession();
    serve({ [GET]: profile });
    const { session, close } = open("late-save");
    await tick();
    session.changed({ ...ADA, name: "Countess" });
    expect(session.get().data?.user.name).toBe("Countess");

    session.ended();
    session.changed(ADA);
    expect(session.get().data).toBeNull();
    session.began({ ...ADA, id: "another" }, "wg_other");
    session.changed(ADA);

    expect(session.get()).toMatchObject({ data: { user: { id: "another" } }, apiToken: "wg_other" });
    close();
  });

  it("keeps no token for somebody of whom it was not known that they were signed in", async () => {
    haveSession();
    let user = ADA;
    serve({ [GET]: () => later(20, () => json(200, { success: true, user })) });
    const { session, close } = open("unknown-owner");
    const take = session.expectApiToken(false);
    session.expectApiToken(false)("wg_1");
    const other = new BroadcastChannel("wicketgate:unknown-owner");

    user = { ...ADA, id: "another" };
    other.postMessage("changed");
    await vi.waitFor(() => expect(session.get().data).toEqual({ user }));
    expect(session.get().apiToken).toBeNull();
    take("wg_1");

    expect(session.get().apiToken).toBeNull();
    other.close();
    close();
  });

  it("drops the token of one person when another is found to be signed in", async () => {
    haveSession();
    let user = ADA;
    serve({ [GET]: () => json(200, { success: true, user }) });
    const { session, close } = open("other");
    await tick();
    session.expectApiToken(false)("wg_ada");
    await session.refetch();
    expect(session.get().apiToken).toBe("wg_ada");

    user = { ...ADA, id: "another" };
    await session.refetch();

    expect(session.get()).toMatchObject({ data: { user }, apiToken: null });
    close();
  });
});
