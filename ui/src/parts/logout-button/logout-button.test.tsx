import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { ADA, failure, haveSession, json, loseSession, pending, serve } from "../../../test/service.js";
import { useSession } from "../../index.js";
import { LogoutButton } from "./index.js";

const LOGOUT = "POST /api/auth/logout";
const button = () => screen.getByRole("button");
const done = () => json(200, { success: true });

function Private() {
  const { data } = useSession({ required: true });
  return <p>{data?.user.email}</p>;
}

describe("LogoutButton", () => {
  it("ends the session, forgets who it was and goes to the login page, once", async () => {
    haveSession();
    const { calls } = serve({
      "GET /api/profile": () => json(200, { success: true, user: ADA }),
      [LOGOUT]: () => {
        loseSession();
        return done();
      },
    });
    const onLogout = vi.fn();
    const { navigate } = renderApp(
      <>
        <Private />
        <LogoutButton onLogout={onLogout} />
      </>,
      { loginPath: "/enter" },
    );
    await screen.findByText("ada@example.com");

    await userEvent.click(button());

    await waitFor(() => expect(onLogout).toHaveBeenCalledOnce());
    expect(screen.queryByText("ada@example.com")).not.toBeInTheDocument();
    expect(screen.getByText("You are logged out.")).toBeInTheDocument();
    expect(navigate.mock.calls).toEqual([["/enter"]]);
    expect(calls.at(-1)?.headers.get("X-CSRF-Token")).toBe("csrf-1");
    await expectAccessible();
  });

  it("leads elsewhere than to the login page, though the address changes before the page does", async () => {
    haveSession();
    serve({ "GET /api/profile": () => json(200, { success: true, user: ADA }), [LOGOUT]: done });
    const navigate = vi.fn((to: string) => history.pushState(null, "", to));
    history.replaceState(null, "", "/account");
    renderApp(
      <>
        <Private />
        <LogoutButton redirectTo="/goodbye" />
      </>,
      { navigate },
    );
    await screen.findByText("ada@example.com");

    await userEvent.click(button());

    await waitFor(() => expect(screen.queryByText("ada@example.com")).not.toBeInTheDocument());
    expect(navigate.mock.calls).toEqual([["/goodbye"]]);
  });

  it("says that it is at work and does it once", async () => {
    const { answer, finish } = pending();
    const { calls } = serve({ [LOGOUT]: () => answer });
    const { navigate } = renderApp(<LogoutButton redirectTo="/bye" />);

    await userEvent.click(button());
    await userEvent.click(button());

    expect(button()).toHaveAccessibleName("Logging out…");
    await expectAccessible();
    finish(done());
    await waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith("/bye"));
    expect(calls).toHaveLength(1);
  });

  it("says so when it failed, and can be pressed again", async () => {
    serve({ [LOGOUT]: () => failure(403, "Access denied") });
    const onLogout = vi.fn();
    const { navigate } = renderApp(<LogoutButton onLogout={onLogout} />);

    await userEvent.click(button());

    expect(await screen.findByText("Access denied")).toBeInTheDocument();
    expect(button()).toHaveAttribute("aria-disabled", "false");
    expect(onLogout).not.toHaveBeenCalled();
    expect(navigate).not.toHaveBeenCalled();
    await expectAccessible();
  });

  it("gives its class name to the button", () => {
    renderApp(<LogoutButton className="mine" />);

    expect(button()).toHaveClass("wg-button", "mine");
  });
});
