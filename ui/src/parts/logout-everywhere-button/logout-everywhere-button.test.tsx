import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { dead, failure, haveSession, json, serve } from "../../../test/service.js";
import { LogoutEverywhereButton } from "./index.js";

const EVERYWHERE = "POST /api/auth/logout-everywhere";
const press = () => userEvent.click(screen.getByRole("button"));

describe("LogoutEverywhereButton", () => {
  it("ends every session, says so to the other tabs, and goes to the login page", async () => {
    haveSession("csrf-9");
    const { calls } = serve({ [EVERYWHERE]: () => json(200, { success: true }) });
    const onLogout = vi.fn();
    const heard: unknown[] = [];
    const other = new BroadcastChannel("wicketgate:");
    other.onmessage = ({ data }) => heard.push(data);
    const { navigate } = renderApp(<LogoutEverywhereButton onLogout={onLogout} />);
    await expectAccessible();

    await press();

    expect(await screen.findByText("You are logged out everywhere.")).toBeInTheDocument();
    expect(calls.map(({ headers }) => headers.get("X-CSRF-Token"))).toEqual(["csrf-9"]);
    expect(onLogout).toHaveBeenCalledOnce();
    expect(navigate).toHaveBeenCalledExactlyOnceWith("/login");
    await waitFor(() => expect(heard).toContain("ended"));
    other.close();
  });

  it("says so when it failed, and ends nothing here", async () => {
    haveSession();
    serve({ [EVERYWHERE]: () => failure(403, "Access denied") });
    const { navigate } = renderApp(<LogoutEverywhereButton />);

    await press();

    expect(await screen.findByText("Access denied")).toBeInTheDocument();
    expect(navigate).not.toHaveBeenCalled();
  });

  it("goes to the login page also when the session is dead already", async () => {
    haveSession();
    history.replaceState(null, "", "/security");
    serve({ [EVERYWHERE]: dead });
    const { navigate } = renderApp(<LogoutEverywhereButton />);

    await press();

    await waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith("/login?next=%2Fsecurity"));
  });
});
