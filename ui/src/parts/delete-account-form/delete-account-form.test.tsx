import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { dead, failure, haveSession, json, pending, serve } from "../../../test/service.js";
import { DeleteAccountForm } from "./index.js";

const DELETE = "POST /api/account/delete";
const opener = () => screen.getByRole("button", { name: "Delete account" });
const confirm = () => screen.getByRole("button", { name: "Delete my account for good" });
const password = () => screen.getByLabelText(/^Your password/);

describe("DeleteAccountForm", () => {
  it("says what it means and asks for the password before anything is sent", async () => {
    const { calls } = serve({});
    renderApp(<DeleteAccountForm />);
    await expectAccessible();

    await userEvent.click(opener());

    expect(confirm()).toHaveAccessibleDescription(/cannot be undone/);
    expect(password()).toHaveFocus();
    await userEvent.click(confirm());
    expect(password()).toHaveAccessibleDescription("Password is required");
    expect(calls).toEqual([]);
    await expectAccessible();
  });

  it.each(["{Escape}", "button"])("can be declined by %s, and forgets the password", async (way) => {
    const { calls } = serve({});
    renderApp(<DeleteAccountForm />);
    await userEvent.click(opener());
    await userEvent.type(password(), "correct horse");

    if (way === "button") await userEvent.click(screen.getByRole("button", { name: "Keep my account" }));
    else await userEvent.keyboard(way);

    expect(opener()).toHaveFocus();
    await userEvent.click(opener());
    expect(password()).toHaveValue("");
    expect(calls).toEqual([]);
  });

  it("deletes once, cannot be left meanwhile, and goes to the login page", async () => {
    haveSession();
    const { answer, finish } = pending();
    const { calls } = serve({ [DELETE]: () => answer });
    const onDelete = vi.fn();
    const { navigate } = renderApp(<DeleteAccountForm onDelete={onDelete} redirectTo="/bye" />);
    await userEvent.click(opener());
    await userEvent.type(password(), "correct horse{Enter}{Enter}{Escape}");
    await expectAccessible();

    finish(json(200, { success: true }));

    expect(await screen.findByText("Your account has been deleted.")).toBeInTheDocument();
    expect(calls.map(({ body }) => body)).toEqual([{ password: "correct horse" }]);
    expect(onDelete).toHaveBeenCalledOnce();
    expect(navigate).toHaveBeenCalledExactlyOnceWith("/bye");
  });

  it("shows at the field that the password is wrong", async () => {
    haveSession();
    serve({ [DELETE]: () => failure(400, "This is not your password", { field: "password" }) });
    renderApp(<DeleteAccountForm />);
    await userEvent.click(opener());

    await userEvent.type(password(), "wrong{Enter}");

    await waitFor(() => expect(password()).toHaveAccessibleDescription("This is not your password"));
    expect(password()).toHaveFocus();
    await expectAccessible();
  });

  it("goes to the login page once when the session is dead", async () => {
    haveSession();
    history.replaceState(null, "", "/security");
    serve({ [DELETE]: dead });
    const { navigate } = renderApp(<DeleteAccountForm />);
    await userEvent.click(opener());

    await userEvent.type(password(), "correct horse{Enter}");

    await waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith("/login?next=%2Fsecurity"));
  });
});
