import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StrictMode } from "react";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { ADA, failure, haveSession, json, serve } from "../../../test/service.js";
import { useSession } from "../../index.js";
import { ResetPasswordForm } from "./index.js";

const RESET = "POST /api/auth/password/reset";
const saved = () => json(200, { success: true, message: "Anything" });
const dead = () => failure(400, "This link is no longer valid", { field: "token" });
const password = () => screen.getByLabelText("New password");
const arrive = (hash: string) => history.replaceState({ kept: 1 }, "", `/reset-password?a=b${hash}`);

function Who() {
  const { data } = useSession();
  return <p>{data?.user.email ?? "nobody"}</p>;
}

describe("ResetPasswordForm", () => {
  it("takes the token out of the address and sends it with the new password", async () => {
    arrive("#secret.user");
    const { calls } = serve({ [RESET]: saved });
    const onSuccess = vi.fn();
    renderApp(
      <StrictMode>
        <ResetPasswordForm onSuccess={onSuccess} />
      </StrictMode>,
    );
    expect(location.pathname + location.search + location.hash).toBe("/reset-password?a=b");
    expect(history.state).toEqual({ kept: 1 });
    await expectAccessible();

    await userEvent.type(password(), "correct horse{Enter}");

    expect(await screen.findByText(/^Your new password is saved/)).toBeInTheDocument();
    await waitFor(() => expect(screen.getByRole("status")).toHaveFocus());
    expect(calls.map(({ body }) => body)).toEqual([{ token: "secret.user", password: "correct horse" }]);
    expect(onSuccess).toHaveBeenCalledOnce();
    expect(screen.getByRole("link", { name: "Go to login" })).toHaveAttribute("href", "/login");
    await expectAccessible();
  });

  it("sends nothing before somebody has chosen a password", async () => {
    arrive("#secret.user");
    const { calls } = serve({});
    renderApp(<ResetPasswordForm />);

    await userEvent.click(screen.getByRole("button", { name: "Save the new password" }));

    expect(password()).toHaveAccessibleDescription(/^Password is required/);
    expect(calls).toEqual([]);
  });

  it("offers another link in place of one that is no longer good", async () => {
    arrive("#used.user");
    serve({ [RESET]: dead });
    renderApp(<ResetPasswordForm forgotHref="/forgot" />);

    await userEvent.type(password(), "correct horse{Enter}");

    expect(await screen.findByRole("alert")).toHaveTextContent("This link is no longer valid");
    expect(screen.getByRole("link", { name: "Ask for a new link" })).toHaveAttribute("href", "/forgot");
    expect(screen.queryByLabelText("New password")).not.toBeInTheDocument();
    await expectAccessible();
  });

  it("says when the link was cut off", async () => {
    arrive("");
    renderApp(<ResetPasswordForm forgotHref="/forgot" />);

    expect(await screen.findByRole("alert")).toHaveTextContent("This link is incomplete");
    expect(screen.getByRole("link")).toHaveAttribute("href", "/forgot");
    await expectAccessible();
  });

  it("begins anew with another link opened in the same tab", async () => {
    arrive("#used.user");
    let answer = dead;
    const { calls } = serve({ [RESET]: () => answer() });
    renderApp(<ResetPasswordForm />);
    await userEvent.type(password(), "correct horse{Enter}");
    await screen.findByText("This link is no longer valid");

    answer = saved;
    act(() => {
      location.hash = "#newer.user";
    });
    await waitFor(() => expect(password()).toBeInTheDocument());
    await userEvent.type(password(), "correct horse{Enter}");

    await screen.findByText(/^Your new password is saved/);
    expect(calls.at(-1)?.body).toEqual({ token: "newer.user", password: "correct horse" });
    expect(location.hash).toBe("");
  });

  it("shows at the field that a password is too common", async () => {
    arrive("#secret.user");
    serve({ [RESET]: () => failure(400, "This password is too common", { field: "password" }) });
    renderApp(<ResetPasswordForm />);

    await userEvent.type(password(), "password1{Enter}");

    await waitFor(() => expect(password()).toHaveAccessibleDescription(/^This password is too common/));
    expect(password()).toHaveFocus();
  });

  it("forgets who was signed in here, since every session has ended", async () => {
    arrive("#secret.user");
    haveSession();
    serve({ [RESET]: saved, "GET /api/profile": () => json(200, { success: true, user: ADA }) });
    renderApp(
      <>
        <ResetPasswordForm />
        <Who />
      </>,
    );
    await screen.findByText("ada@example.com");

    await userEvent.type(password(), "correct horse{Enter}");

    expect(await screen.findByText("nobody")).toBeInTheDocument();
  });
});
