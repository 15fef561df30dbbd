import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { ADA, dead, failure, haveSession, json, pending, SESSIONS, serve } from "../../../test/service.js";
import { SessionsPanel } from "./index.js";

const LIST = "GET /api/auth/sessions";
const END = "POST /api/auth/sessions/end";
const PROFILE = { "GET /api/profile": () => json(200, { success: true, user: ADA }) };
const listed = () => json(200, { success: true, sessions: SESSIONS });
const ended = () => json(200, { success: true });
const list = () => screen.findByRole("list", { name: "Sessions" });
const end = () => screen.findByRole("button", { name: /^End the session of Safari/ });

describe("SessionsPanel", () => {
  it("says that it is loading, then names each session, this browser's first", async () => {
    haveSession();
    const { answer, finish } = pending();
    serve({ ...PROFILE, [LIST]: () => answer });
    renderApp(<SessionsPanel />);
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent("Loading…"));
    await expectAccessible();

    finish(listed());

    const items = within(await list()).getAllByRole("listitem");
    expect(items.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^Firefox on Linux.*Network 203\.0\.113\.0\/24.*This browser$/),
      expect.stringMatching(/^Safari on iPhone.*last used .*End/),
    ]);
    expect(screen.getAllByRole("button")).toHaveLength(1);
    expect(document.querySelector("time")).toHaveAttribute("datetime", "2030-01-31T12:00:00.000Z");
    await expectAccessible();
  });

  it("ends a session once, takes it off the list, and keeps the place of who uses a keyboard", async () => {
    haveSession("csrf-3");
    const { answer, finish } = pending();
    const { calls } = serve({ ...PROFILE, [LIST]: listed, [END]: () => answer });
    const onEnd = vi.fn();
    renderApp(<SessionsPanel onEnd={onEnd} />);

    await userEvent.click(await end());
    await userEvent.click(screen.getByRole("button", { name: /^Ending…/ }));
    await expectAccessible();
    finish(ended());

    expect(await screen.findByText("The session has ended.")).toBeInTheDocument();
    const sent = calls.filter(({ method }) => method === "POST");
    expect(sent.map(({ body, headers }) => [body, headers.get("X-CSRF-Token")])).toEqual([
      [{ id: "s2" }, "csrf-3"],
    ]);
    expect(within(await list()).getAllByRole("listitem")).toHaveLength(1);
    expect(screen.getByRole("region", { name: "Sessions" })).toHaveFocus();
    expect(onEnd).toHaveBeenCalledExactlyOnceWith("s2");
    await expectAccessible();
  });

  it("keeps a session on the list that could not be ended", async () => {
    haveSession();
    serve({ ...PROFILE, [LIST]: listed, [END]: () => failure(403, "Access denied") });
    renderApp(<SessionsPanel />);

    await userEvent.click(await end());

    expect(await screen.findByText("Access denied")).toBeInTheDocument();
    expect(within(await list()).getAllByRole("listitem")).toHaveLength(2);
  });

  it("says why the list cannot be had, and tries again on request", async () => {
    haveSession();
    let answer = () => failure(400, "Out of order");
    serve({ ...PROFILE, [LIST]: () => answer() });
    renderApp(<SessionsPanel />);
    expect(await screen.findByText("Out of order")).toBeInTheDocument();
    await expectAccessible();

    answer = listed;
    await userEvent.click(screen.getByRole("button", { name: "Try again Sessions" }));

    expect(await list()).toBeInTheDocument();
    expect(screen.getByRole("alert")).toBeEmptyDOMElement();
  });

  it("loads what had failed when the browser's cache brings the page back", async () => {
    haveSession();
    let answer = () => failure(400, "Out of order");
    serve({ ...PROFILE, [LIST]: () => answer() });
    renderApp(<SessionsPanel />);
    await screen.findByText("Out of order");

    answer = listed;
    act(() => void dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));

    expect(await list()).toBeInTheDocument();
    expect(screen.getByRole("status")).not.toHaveTextContent("Loading…");
  });

  it("tries a busy service again by itself, and counts down where it is told to wait", async () => {
    haveSession();
    let answer = () => failure(503, "An error occurred, please try again", {}, { "Retry-After": "30" });
    const { calls } = serve({ ...PROFILE, [LIST]: () => answer() });
    renderApp(<SessionsPanel />);
    expect(await screen.findByRole("timer")).toHaveTextContent("30 s");
    expect(screen.getByRole("button")).toHaveAttribute("aria-disabled", "true");
    answer = listed;

    await userEvent.click(screen.getByRole("button"));

    expect(calls.filter(({ path }) => path === "/api/auth/sessions")).toHaveLength(1);
  });

  it("goes to the login page once when the session is dead", async () => {
    haveSession();
    history.replaceState(null, "", "/security");
    serve({ ...PROFILE, [LIST]: dead });
    const { navigate } = renderApp(<SessionsPanel />);

    await waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith("/login?next=%2Fsecurity"));
  });

  it("asks nothing while nobody is signed in", async () => {
    const { calls } = serve({ [LIST]: listed });
    renderApp(<SessionsPanel />);

    await waitFor(() => expect(screen.queryByText("Loading…")).not.toBeInTheDocument());
    expect(calls).toEqual([]);
  });

  it("shows nothing of somebody's once another tab has logged out", async () => {
    haveSession();
    serve({ ...PROFILE, [LIST]: listed });
    const { container } = renderApp(<SessionsPanel />);
    await list();
    const other = new BroadcastChannel("wicketgate:");

    other.postMessage("ended");

    await waitFor(() => expect(container).not.toHaveTextContent("Firefox"));
    other.close();
  });

  it("shows somebody else theirs, and does not believe an answer about the one before", async () => {
    haveSession();
    const first = pending();
    let user = ADA;
    let answer = (): Response | Promise<Response> => first.answer;
    serve({ "GET /api/profile": () => json(200, { success: true, user }), [LIST]: () => answer() });
    const { container } = renderApp(<SessionsPanel />);
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent("Loading…"));
    const other = new BroadcastChannel("wicketgate:");
    user = { ...ADA, id: "another" };
    answer = () => json(200, { success: true, sessions: [{ ...SESSIONS[0], device: "Hers" }] });

    other.postMessage("changed");

    expect(await screen.findByText("Hers")).toBeInTheDocument();
    first.finish(listed());
    await new Promise((resolve) => setTimeout(resolve));
    expect(container).not.toHaveTextContent("Firefox");
    other.close();
  });

  it("shows what a program calls itself as text", async () => {
    haveSession();
    const device = "<img src=x onerror=alert(1)>";
    const hostile = { ...SESSIONS[0], device };
    serve({ ...PROFILE, [LIST]: () => json(200, { success: true, sessions: [hostile] }) });
    const { container } = renderApp(<SessionsPanel />);

    expect(await screen.findByText(device)).toBeInTheDocument();
    expect(container.querySelector("img")).toBeNull();
  });
});
