import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderApp } from "../../test/app.js";
import { expectAccessible } from "../../test/axe.js";
import { ADA, failure, haveSession, json, loggedIn, pending, serve } from "../../test/service.js";
import { createClient, useApiToken, useLogin, useLogout, useSession, WicketgateProvider } from "../index.js";

const PROFILE = { "GET /api/profile": () => json(200, { success: true, user: ADA }) };

function OwnLogin() {
  const { formProps, field, error, isPending } = useLogin();
  const email = field("email");
  const password = field("password");
  return (
    <form {...formProps}>
      {error && <strong>{error}</strong>}
      <label htmlFor={email.labelProps.htmlFor}>Address</label>
      <input type="email" {...email.inputProps} />
      <em {...email.errorProps}>{email.error}</em>
      <label htmlFor={password.labelProps.htmlFor}>Secret</label>
      <input type="password" {...password.inputProps} />
      <em {...password.errorProps}>{password.error}</em>
      <button type="submit">{isPending ? "Wait" : "Go"}</button>
    </form>
  );
}

function OwnAccount() {
  const { data } = useSession();
  const logout = useLogout();
  const token = useApiToken();
  return (
    <>
      <p>{data ? data.user.email : "nobody"}</p>
      <p>{token.apiToken ?? "no token"}</p>
      <button type="button" onClick={() => void token.show()}>
        {token.isShowing ? "looking" : "look"}
      </button>
      <button type="button" onClick={() => void token.rotate()}>
        renew
      </button>
      <button type="button" onClick={() => void logout.run()}>
        leave
      </button>
    </>
  );
}

describe("hooks without our markup", () => {
  it("do all that the form does", async () => {
    serve({ "POST /api/auth/login": () => failure(401, "Invalid credentials") });
    renderApp(<OwnLogin />);

    await userEvent.click(screen.getByRole("button"));
    expect(screen.getByLabelText("Address")).toHaveAccessibleDescription("Email is required");
    expect(screen.getByLabelText("Address")).toHaveFocus();
    await expectAccessible();
    await userEvent.type(screen.getByLabelText("Address"), "ada@example.com");
    await userEvent.type(screen.getByLabelText("Secret"), "wrong{Enter}");

    expect(await screen.findByText("Invalid credentials")).toBeInTheDocument();
  });

  it("share the session and its token, and lose both at logout", async () => {
    haveSession();
    serve({
      ...PROFILE,
      "POST /api/auth/api-token/rotate": () => json(200, { success: true, api_token: "wg_2" }),
      "POST /api/auth/logout": () => json(200, { success: true }),
    });
    renderApp(<OwnAccount />);
    await screen.findByText("ada@example.com");

    await userEvent.click(screen.getByRole("button", { name: "renew" }));
    expect(await screen.findByText("wg_2")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "leave" }));

    expect(await screen.findByText("nobody")).toBeInTheDocument();
    expect(screen.getByText("no token")).toBeInTheDocument();
  });
});

describe("useApiToken", () => {
  const TOKEN = "GET /api/auth/api-token";
  const look = () => userEvent.click(screen.getByRole("button", { name: "look" }));

  it("asks for the token once and then knows it", async () => {
    haveSession();
    const { answer, finish } = pending();
    const { calls } = serve({ ...PROFILE, [TOKEN]: () => answer });
    renderApp(<OwnAccount />);
    await screen.findByText("ada@example.com");

    await look();
    await userEvent.click(screen.getByRole("button", { name: "looking" }));
    finish(json(200, { success: true, api_token: "wg_1" }));
    expect(await screen.findByText("wg_1")).toBeInTheDocument();
    await look();

    expect(calls.filter(({ path }) => path === "/api/auth/api-token")).toHaveLength(1);
  });

  it("does not take a token that arrives after the logout", async () => {
    haveSession();
    const { answer, finish } = pending();
    serve({ ...PROFILE, [TOKEN]: () => answer, "POST /api/auth/logout": () => json(200, { success: true }) });
    renderApp(<OwnAccount />);
    await screen.findByText("ada@example.com");

    await look();
    await userEvent.click(screen.getByRole("button", { name: "leave" }));
    await screen.findByText("nobody");
    finish(json(200, { success: true, api_token: "wg_1" }));
    await screen.findByRole("button", { name: "look" });

    expect(screen.getByText("no token")).toBeInTheDocument();
  });
});

describe("WicketgateProvider", () => {
  it("keeps the session when a router hands out a new navigate", async () => {
    haveSession();
    const { calls } = serve(PROFILE);
    const { rerender } = renderApp(<OwnAccount />);
    await screen.findByText("ada@example.com");

    rerender(
      <WicketgateProvider navigate={() => {}}>
        <OwnAccount />
      </WicketgateProvider>,
    );

    expect(screen.getByText("ada@example.com")).toBeInTheDocument();
    expect(calls).toHaveLength(1);
  });

  it("talks to the service at baseUrl", async () => {
    const { calls } = serve({ "POST /auth/api/auth/login": () => loggedIn() });
    renderApp(<OwnLogin />, { baseUrl: "/auth" });

    await userEvent.type(screen.getByLabelText("Address"), "ada@example.com");
    await userEvent.type(screen.getByLabelText("Secret"), "correct horse{Enter}");

    await waitFor(() => expect(calls.map(({ path }) => path)).toContain("/auth/api/auth/login"));
  });

  it("talks through a client of one's own", async () => {
    haveSession();
    const { calls } = serve(PROFILE);
    const client = createClient({ headers: { "X-Tenant": "acme" } });
    renderApp(<OwnAccount />, { client });

    await screen.findByText("ada@example.com");

    expect(calls[0]?.headers.get("X-Tenant")).toBe("acme");
  });
});
