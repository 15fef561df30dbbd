import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { App } from "../src/pages/app.js";
import { type PageConfig, readShell, withNext } from "../src/pages/config.js";
import { expectAccessible } from "./axe.js";
import { ADA, BOB, EVENTS, failure, haveSession, json, pending, SESSIONS, serve, TOKENS } from "./service.js";

const NOTHING = { mail: false, emailVerification: false, sessionList: false, activity: false };
const EVERYTHING = { mail: true, emailVerification: true, sessionList: true, activity: true };
const CONFIG: PageConfig = { productName: "Acme", logoUrl: null, next: "/profile", features: NOTHING };
const ALL: PageConfig = { ...CONFIG, features: EVERYTHING };
const PROFILE = "GET /api/profile";
const profile = () => json(200, { success: true, user: { ...ADA, name: "<img src=x onerror=alert(1)>" } });

describe("the shell", () => {
  it("gives page and configuration", () => {
    const config = JSON.stringify({
      productName: "Acme",
      logoUrl: "/logo.svg",
      next: "/orders",
      features: EVERYTHING,
    });

    expect(readShell({ page: "signup", config })).toEqual({
      page: "signup",
      config: { productName: "Acme", logoUrl: "/logo.svg", next: "/orders", features: EVERYTHING },
    });
  });

  it.each([
    undefined,
    "",
    "{",
    "null",
    "[]",
    '"x"',
    '{"productName":7,"logoUrl":"","next":null,"features":{"mail":"yes"}}',
  ])("stands for defaults with %j", (config) => {
    expect(readShell(config === undefined ? {} : { config })).toEqual({
      page: "login",
      config: { productName: "Wicketgate", logoUrl: null, next: "/profile", features: NOTHING },
    });
  });

  it("knows no page by a name every object has", () => {
    expect(readShell({ page: "constructor" }).page).toBe("login");
  });

  it("never leads to another site", () => {
    const config = JSON.stringify({ next: "//evil.example" });

    expect(readShell({ config }).config.next).toBe("/profile");
  });

  it("keeps the way back in links, unless it is the usual one", () => {
    expect(withNext("/login", "/orders?a=b")).toBe("/login?next=%2Forders%3Fa%3Db");
    expect(withNext("/login", "/profile")).toBe("/login");
  });
});

describe("the login page", () => {
  it("is accessible, asks nobody who is signed in, and leads to the sign-up", async () => {
    const { calls } = serve({});
    render(<App page="login" config={{ ...CONFIG, next: "/orders" }} />);

    expect(screen.getByText("Acme")).toBeInTheDocument();
    expect(screen.getByRole("link")).toHaveAttribute("href", "/signup?next=%2Forders");
    expect(calls).toEqual([]);
    await expectAccessible();
  });

  it("confirms a logout once", () => {
    history.replaceState(null, "", "/login?out=1");
    render(<App page="login" config={CONFIG} />);

    expect(screen.getByText("You are logged out.")).toBeInTheDocument();
    expect(location.pathname + location.search).toBe("/login");
  });
});

describe("the sign-up page", () => {
  it("greets by name after the sign-up", async () => {
    serve({
      "POST /api/auth/signup": () =>
        json(201, { success: true, message: "Account created", user: ADA, api_token: "wg_1" }),
    });
    render(<App page="signup" config={{ ...CONFIG, next: "/orders" }} />);
    await expectAccessible();

    await userEvent.type(screen.getByLabelText(/email/i), "ada@example.com");
    await userEvent.type(screen.getByLabelText(/password/i), "correct horse");
    await userEvent.click(screen.getByRole("button", { name: "Create account" }));

    expect(await screen.findByRole("heading", { name: "Welcome, Ada" })).toBeInTheDocument();
    expect(screen.getByRole("link")).toHaveAttribute("href", "/login?next=%2Forders");
    await expectAccessible();
  });
});

describe("the profile page", () => {
  it("says that it is loading, then shows what was typed as text", async () => {
    haveSession();
    const { answer, finish } = pending();
    serve({ [PROFILE]: () => answer });
    const { container } = render(<App page="profile" config={CONFIG} />);
    expect(screen.getByText("Loading your profile…")).toBeInTheDocument();
    await expectAccessible();

    finish(profile());

    const name = "<img src=x onerror=alert(1)>";
    expect(await screen.findByRole("heading", { level: 1, name })).toBeInTheDocument();
    expect(container.querySelector("img")).toBeNull();
    await expectAccessible();
  });

  it("shows nothing private once another tab has logged out", async () => {
    haveSession();
    serve({ [PROFILE]: profile });
    history.replaceState(null, "", "/login");
    const { container } = render(<App page="profile" config={CONFIG} />);
    await screen.findByText("ada@example.com");
    const other = new BroadcastChannel("wicketgate:");

    other.postMessage("ended");

    await waitFor(() => expect(container).not.toHaveTextContent("ada@example.com"));
    expect(container.innerHTML).not.toContain("ada@example.com");
    other.close();
  });

  it("says so when the service is down, and tries again on request", async () => {
    haveSession();
    let answer = () => failure(400, "Out of order");
    serve({ [PROFILE]: () => answer() });
    render(<App page="profile" config={CONFIG} />);
    expect(await screen.findByText("Out of order")).toBeInTheDocument();
    await expectAccessible();

    answer = profile;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));

    expect(await screen.findByLabelText("Name")).toBeInTheDocument();
  });
});

describe("the login page of a service that sends mail", () => {
  it("leads to whoever forgot their password", async () => {
    render(<App page="login" config={ALL} />);

    expect(screen.getByRole("link", { name: /forgot/i })).toHaveAttribute("href", "/forgot-password");
    await expectAccessible();
  });

  it.each([
    ["everywhere", "You are logged out everywhere."],
    ["deleted", "Your account has been deleted."],
  ])("confirms once what was done before (%s)", (mark, said) => {
    history.replaceState(null, "", `/login?${mark}=1`);
    render(<App page="login" config={ALL} />);

    expect(screen.getByText(said)).toBeInTheDocument();
    expect(location.search).toBe("");
  });
});

describe("the pages of forgotten passwords", () => {
  it("change what they say once the link is sent, and back", async () => {
    serve({ "POST /api/auth/password/forgot": () => json(200, { success: true, message: "Sent" }) });
    render(<App page="forgot-password" config={ALL} />);
    await expectAccessible();

    await userEvent.type(screen.getByLabelText("Email"), "ada@example.com{Enter}");
    expect(await screen.findByRole("heading", { name: "Check your email" })).toBeInTheDocument();
    await expectAccessible();
    await userEvent.click(screen.getByRole("button", { name: "Send it again" }));

    expect(screen.getByRole("heading", { name: "Forgot your password?" })).toBeInTheDocument();
  });

  it("lead to the login with the new password", async () => {
    history.replaceState(null, "", "/reset-password#secret.user");
    serve({ "POST /api/auth/password/reset": () => json(200, { success: true, message: "Saved" }) });
    render(<App page="reset-password" config={ALL} />);
    await expectAccessible();

    await userEvent.type(screen.getByLabelText("New password"), "correct horse{Enter}");

    expect(await screen.findByRole("heading", { name: "All set" })).toBeInTheDocument();
    expect(screen.getByRole("link")).toHaveAttribute("href", "/login");
    await expectAccessible();
  });
});

describe("the pages that links open", () => {
  it.each([
    ["verify-email", "POST /api/auth/email/verify", "Thank you.", "/profile"],
    ["change-email", "POST /api/auth/email/change/confirm", "Thank you.", "/profile"],
    ["undo-email", "POST /api/auth/email/change/undo", "One step is left.", "/login"],
  ] as const)("wait for the button: %s", async (page, route, said, onward) => {
    history.replaceState(null, "", `/${page}#secret.user`);
    const { calls } = serve({ [route]: () => json(200, { success: true, message: "Done" }) });
    render(<App page={page} config={ALL} />);
    await expectAccessible();
    expect(calls).toEqual([]);

    await userEvent.click(screen.getByRole("button"));

    expect(await screen.findByText(said)).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Continue" })).toHaveAttribute("href", onward);
    await expectAccessible();
  });
});

describe("the security page", () => {
  const LISTS = {
    [PROFILE]: () => json(200, { success: true, user: ADA }),
    "GET /api/auth/sessions": () => json(200, { success: true, sessions: SESSIONS }),
    "GET /api/auth/api-tokens": () => json(200, { success: true, tokens: TOKENS }),
    "GET /api/auth/activity": () => json(200, { success: true, events: EVENTS }),
  };
  const headings = () => screen.getAllByRole("heading", { level: 2 }).map(({ textContent }) => textContent);

  it("shows everything that is turned on, and where one is", async () => {
    haveSession();
    serve(LISTS);
    render(<App page="security" config={ALL} />);

    expect(await screen.findByText("Firefox on Linux")).toBeInTheDocument();
    expect(headings()).toEqual([
      "Password",
      "Sessions",
      "Named API tokens",
      "Activity",
      "Log out everywhere",
      "Delete account",
    ]);
    expect(screen.getByRole("link", { name: "Security" })).toHaveAttribute("aria-current", "page");
    expect(screen.getByRole("link", { name: "Profile" })).toHaveAttribute("href", "/profile");
    await expectAccessible();
  });

  it("neither shows nor asks for what is not turned on", async () => {
    haveSession();
    const { calls } = serve(LISTS);
    render(<App page="security" config={CONFIG} />);

    expect(await screen.findByText("Backup")).toBeInTheDocument();
    expect(headings()).toEqual(["Password", "Named API tokens", "Log out everywhere", "Delete account"]);
    expect(calls.map(({ path }) => path).sort()).toEqual(["/api/auth/api-tokens", "/api/profile"]);
  });

  it("keeps nothing that one person has typed when another logs in", async () => {
    haveSession();
    let user = ADA;
    const { calls } = serve({ ...LISTS, [PROFILE]: () => json(200, { success: true, user }) });
    render(<App page="security" config={CONFIG} />);
    await userEvent.type(await screen.findByLabelText("Current password"), "correct horse");
    const other = new BroadcastChannel("wicketgate:");

    user = BOB;
    other.postMessage("changed");

    await waitFor(() => expect(calls.filter(({ path }) => path === "/api/auth/api-tokens")).toHaveLength(2));
    expect(screen.getByLabelText("Current password")).toHaveValue("");
    other.close();
  });
});
