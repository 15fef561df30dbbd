import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { ADA, dead, failure, haveSession, json, loggedIn, pending, serve } from "../../../test/service.js";
import { LoginForm } from "../login-form/index.js";
import { ApiTokenPanel } from "./index.js";

const ROTATE = "POST /api/auth/api-token/rotate";
const PROFILE = { "GET /api/profile": () => json(200, { success: true, user: ADA }) };
const TOKEN = "GET /api/auth/api-token";
const told = () => json(200, { success: true, api_token: "wg_token_1" });
const rotated = () => json(200, { success: true, api_token: "wg_token_2" });
const button = (name: string) => screen.getByRole("button", { name });

async function replace() {
  await userEvent.click(button("Replace token"));
  await userEvent.click(button("Replace the token"));
}

describe("ApiTokenPanel", () => {
  it("asks for the token only when it is to be shown, shows, hides and copies it", async () => {
    haveSession();
    const user = userEvent.setup();
    const { calls } = serve({ ...PROFILE, [TOKEN]: told });
    renderApp(<ApiTokenPanel />);
    await waitFor(() => expect(calls).toHaveLength(1));
    expect(screen.queryByRole("button", { name: /copy/i })).not.toBeInTheDocument();
    await expectAccessible();

    await user.click(button("Show token"));
    expect(await screen.findByText("wg_token_1")).toBeInTheDocument();
    expect(button("Hide API token")).toHaveFocus();
    expect(await screen.findByText("The token is shown.")).toBeInTheDocument();
    await expectAccessible();
    await user.click(button("Copy API token"));
    expect(await navigator.clipboard.readText()).toBe("wg_token_1");
    await user.click(button("Hide API token"));
    expect(screen.queryByText("wg_token_1")).not.toBeInTheDocument();
    await user.click(button("Show API token"));

    expect(await screen.findByText("wg_token_1")).toBeInTheDocument();
    expect(calls.map(({ path }) => path)).toEqual(["/api/profile", "/api/auth/api-token"]);
  });

  it("is busy while it fetches the token, which is then not replaced, and asks once", async () => {
    haveSession();
    const { answer, finish } = pending();
    const { calls } = serve({ ...PROFILE, [TOKEN]: () => answer });
    renderApp(<ApiTokenPanel />);

    await userEvent.click(button("Show token"));
    await userEvent.click(button("Loading token…"));
    await expectAccessible();
    await replace();
    finish(told());

    expect(await screen.findByText("wg_token_1")).toBeInTheDocument();
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /api/profile", TOKEN]);
  });

  it("says why the token cannot be shown, and lets one try again", async () => {
    haveSession();
    let answer = () => failure(403, "Not now");
    serve({ ...PROFILE, [TOKEN]: () => answer() });
    renderApp(<ApiTokenPanel />);

    await userEvent.click(button("Show token"));
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent("Not now"));
    await expectAccessible();
    answer = told;
    await userEvent.click(button("Show token"));

    expect(await screen.findByText("wg_token_1")).toBeInTheDocument();
    expect(screen.getByRole("alert")).toBeEmptyDOMElement();
  });

  it("hides the new token though the old one was shown", async () => {
    haveSession();
    serve({ ...PROFILE, [TOKEN]: told, [ROTATE]: rotated });
    renderApp(<ApiTokenPanel />);
    await userEvent.click(button("Show token"));
    await userEvent.click(await screen.findByRole("button", { name: "Copy API token" }));

    await replace();

    await screen.findByText("Your new token is ready.");
    expect(screen.queryByText(/wg_token/)).not.toBeInTheDocument();
    expect(button("Copy API token")).toBeInTheDocument();
  });

  it("asks before it replaces the token, with the focus on the harmless answer", async () => {
    haveSession();
    const { calls } = serve(PROFILE);
    renderApp(<ApiTokenPanel />);

    await userEvent.click(button("Replace token"));
    expect(button("Cancel")).toHaveFocus();
    expect(button("Replace the token")).toHaveAccessibleDescription(/stops working at once/);
    await expectAccessible();
    await userEvent.keyboard("{Escape}");

    expect(button("Replace token")).toHaveFocus();
    expect(calls.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it("creates, confirms, shows on request and copies", async () => {
    haveSession();
    const user = userEvent.setup();
    serve({ ...PROFILE, [ROTATE]: rotated });
    const onRotate = vi.fn();
    renderApp(<ApiTokenPanel onRotate={onRotate} />);

    await replace();
    expect(await screen.findByText("Your new token is ready.")).toBeInTheDocument();
    expect(onRotate).toHaveBeenCalledExactlyOnceWith("wg_token_2");
    expect(button("Replace token")).toHaveFocus();
    expect(screen.queryByText("wg_token_2")).not.toBeInTheDocument();
    await expectAccessible();

    await user.click(button("Show API token"));
    expect(screen.getByText("wg_token_2")).toBeInTheDocument();
    await user.click(button("Copy API token"));
    expect(await navigator.clipboard.readText()).toBe("wg_token_2");
    expect(button("Copied API token")).toBeInTheDocument();
    await expectAccessible();
  });

  it("shows the token and how to copy it where the browser refuses", async () => {
    haveSession();
    const user = userEvent.setup();
    serve({ ...PROFILE, [ROTATE]: rotated });
    renderApp(<ApiTokenPanel />);
    await replace();
    await screen.findByText("Your new token is ready.");
    vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new DOMException("No", "NotAllowedError"));

    await user.click(button("Copy API token"));

    expect(await screen.findByText(/copying was refused/i)).toBeInTheDocument();
    await waitFor(() => expect(getSelection()?.toString()).toBe("wg_token_2"));
  });

  it("is busy until the answer and asks once", async () => {
    haveSession();
    const { answer, finish } = pending();
    const { calls } = serve({ ...PROFILE, [ROTATE]: () => answer });
    renderApp(<ApiTokenPanel />);

    await replace();
    await userEvent.click(button("Creating token…"));

    expect(button("Cancel")).toBeDisabled();
    await expectAccessible();
    finish(rotated());
    await screen.findByText("Your new token is ready.");
    expect(calls.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("keeps the question open when it failed", async () => {
    haveSession();
    serve({ ...PROFILE, [ROTATE]: () => failure(503, "An error occurred, please try again") });
    renderApp(<ApiTokenPanel />);

    await replace();

    expect(await screen.findByText("An error occurred, please try again")).toBeInTheDocument();
    expect(button("Replace the token")).toHaveAttribute("aria-disabled", "false");
  });

  it.each([
    ["shown", TOKEN, () => userEvent.click(button("Show token"))],
    ["replaced", ROTATE, replace],
  ])("goes to the login page once when the session is dead as the token is %s", async (_, route, act) => {
    haveSession();
    const { calls } = serve({ ...PROFILE, [route]: dead });
    const { navigate } = renderApp(<ApiTokenPanel />);

    await act();

    await waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith("/login?next=%2F"));
    expect(calls.filter(({ method, path }) => `${method} ${path}` === route)).toHaveLength(1);
  });

  it("shows the token that a login in this page handed over, without asking for it", async () => {
    const { calls } = serve({ ...PROFILE, "POST /api/auth/login": () => loggedIn() });
    renderApp(
      <>
        <LoginForm />
        <ApiTokenPanel />
      </>,
    );
    await userEvent.type(screen.getByLabelText(/email/i), "ada@example.com");
    await userEvent.type(screen.getByLabelText(/password/i), "correct horse");
    await userEvent.click(button("Log in"));

    await userEvent.click(await screen.findByRole("button", { name: "Show API token" }));

    expect(screen.getByText("wg_token_1")).toBeInTheDocument();
    expect(calls.map(({ path }) => path)).not.toContain("/api/auth/api-token");
  });
});
