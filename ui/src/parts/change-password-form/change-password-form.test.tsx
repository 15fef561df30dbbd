import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { ADA, dead, failure, haveSession, json, serve } from "../../../test/service.js";
import { ChangePasswordForm } from "./index.js";

const CHANGE = "POST /api/auth/password/change";
const PROFILE = { "GET /api/profile": () => json(200, { success: true, user: ADA }) };
const current = () => screen.getByLabelText("Current password");
const next = () => screen.getByLabelText("New password");
const button = () => screen.getByRole("button", { name: "Change password" });

async function change() {
  await userEvent.type(current(), "the old one");
  await userEvent.type(next(), "correct horse");
  await userEvent.click(button());
}

describe("ChangePasswordForm", () => {
  it("sends both, confirms, and leaves neither in the page", async () => {
    haveSession("csrf-7");
    const { calls } = serve({
      ...PROFILE,
      [CHANGE]: () => json(200, { success: true, message: "Changed", token: "jwt" }),
    });
    const onSuccess = vi.fn();
    const { container } = renderApp(<ChangePasswordForm onSuccess={onSuccess} />);
    await waitFor(() => expect(container.querySelector("[autocomplete=username]")).toHaveValue(ADA.email));
    await expectAccessible();

    await change();

    expect(await screen.findByText(/^Your password has been changed/)).toBeInTheDocument();
    const sent = calls.find(({ method }) => method === "POST");
    expect(sent?.body).toEqual({ current_password: "the old one", password: "correct horse" });
    expect(sent?.headers.get("X-CSRF-Token")).toBe("csrf-7");
    expect([current(), next()].map((input) => (input as HTMLInputElement).value)).toEqual(["", ""]);
    expect(onSuccess).toHaveBeenCalledOnce();
    await expectAccessible();
  });

  it("tells the two fields' buttons apart", () => {
    serve(PROFILE);
    renderApp(<ChangePasswordForm />);

    const names = screen.getAllByRole("button").map(({ textContent }) => textContent);
    expect(names).toEqual(["Show Current password", "Show New password", "Change password"]);
  });

  it("shows at its field that the current password is wrong", async () => {
    haveSession();
    serve({
      ...PROFILE,
      [CHANGE]: () => failure(400, "This is not your password", { field: "current_password" }),
    });
    renderApp(<ChangePasswordForm />);

    await change();

    await waitFor(() => expect(current()).toHaveAccessibleDescription("This is not your password"));
    expect(current()).toHaveFocus();
    expect(next()).toHaveValue("correct horse");
    await expectAccessible();
  });

  it("goes to the login page once when the session is dead", async () => {
    haveSession();
    history.replaceState(null, "", "/security");
    serve({ ...PROFILE, [CHANGE]: dead });
    const { navigate } = renderApp(<ChangePasswordForm />);

    await change();

    expect(await screen.findByText("Your session has ended. Please log in again.")).toBeInTheDocument();
    expect(navigate).toHaveBeenCalledExactlyOnceWith("/login?next=%2Fsecurity");
  });

  it("counts down when there were too many wrong ones", async () => {
    haveSession();
    serve({ ...PROFILE, [CHANGE]: () => failure(429, "Too many", {}, { "Retry-After": "30" }) });
    renderApp(<ChangePasswordForm />);

    await change();

    expect(await screen.findByRole("timer")).toHaveTextContent("30 s");
    expect(button()).toHaveAttribute("aria-disabled", "true");
  });
});
