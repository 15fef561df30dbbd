import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { ADA, BOB, failure, haveSession, json, pending, serve } from "../../../test/service.js";
import type { LinkProps } from "../../index.js";
import { ApiTokenPanel } from "../api-token-panel/index.js";
import { SignupForm } from "./index.js";

const SIGNUP = "POST /api/auth/signup";
const name = () => screen.getByLabelText(/name/i);
const email = () => screen.getByLabelText(/email/i);
const password = () => screen.getByLabelText(/password/i);
const submit = () => screen.getByRole("button", { name: /create account|creating/i });
const created = () =>
  json(201, { success: true, message: "Account created", user: ADA, api_token: "wg_token_1" });

const RouterLink = ({ href, children }: LinkProps) => <a href={`/app${href}`}>{children}</a>;

async function signUp(secret = "correct horse") {
  await userEvent.type(email(), "ada@example.com");
  await userEvent.type(password(), secret);
  await userEvent.click(submit());
}

describe("SignupForm", () => {
  it("sends no name when none was typed, and a cleaned one otherwise", async () => {
    const { calls } = serve({ [SIGNUP]: () => failure(400, "No") });
    renderApp(<SignupForm />);

    await signUp();
    await userEvent.type(name(), "  Ada\tLovelace ");
    await userEvent.click(submit());

    expect(calls.map(({ body }) => body)).toEqual([
      { email: "ada@example.com", password: "correct horse" },
      { email: "ada@example.com", password: "correct horse", name: "Ada Lovelace" },
    ]);
  });

  it("confirms, shows the API token on request and leads to the login", async () => {
    serve({ [SIGNUP]: created });
    const onSuccess = vi.fn();
    renderApp(<SignupForm onSuccess={onSuccess} loginHref="/login?next=%2Fapp" />);

    await signUp();

    const confirmation = await screen.findByText("Account created");
    expect(confirmation.parentElement).toHaveFocus();
    expect(onSuccess).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ user: ADA }));
    expect(screen.queryByText("wg_token_1")).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Show API token" }));
    expect(screen.getByText("wg_token_1")).toBeInTheDocument();
    expect(screen.getByText(/see it again on your profile/)).toBeInTheDocument();
    expect(screen.getByRole("link")).toHaveAttribute("href", "/login?next=%2Fapp");
    await expectAccessible();
  });

  it("keeps the new account's token apart from whoever is signed in here", async () => {
    haveSession();
    const { answer, finish } = pending();
    serve({
      "GET /api/profile": () => answer,
      "GET /api/auth/api-token": () => json(200, { success: true, api_token: "wg_token_of_bob" }),
      [SIGNUP]: created,
    });
    renderApp(
      <>
        <SignupForm />
        <ApiTokenPanel />
      </>,
    );
    await signUp();
    await screen.findByText("Account created");

    await act(async () => finish(json(200, { success: true, user: BOB })));
    await userEvent.click(screen.getByRole("button", { name: "Show token" }));

    expect(await screen.findByText("wg_token_of_bob")).toBeInTheDocument();
    expect(screen.queryByText("wg_token_1")).not.toBeInTheDocument();
  });

  it("shows an answer without account or token as it is", async () => {
    serve({ [SIGNUP]: () => json(201, { success: true, message: "Check your inbox" }) });
    renderApp(<SignupForm />);

    await signUp();

    expect(await screen.findByText("Check your inbox")).toBeInTheDocument();
    expect(screen.queryByText("API token")).not.toBeInTheDocument();
  });

  it("uses the router's own link and navigation", async () => {
    serve({ [SIGNUP]: created });
    const { navigate } = renderApp(<SignupForm redirectTo="/welcome" />, { Link: RouterLink });

    await signUp();

    await waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith("/welcome"));
    expect(screen.getByRole("link")).toHaveAttribute("href", "/app/login");
  });

  it("counts with the person who types a password", async () => {
    renderApp(<SignupForm />);
    expect(password()).toHaveAccessibleDescription(/at least 8 characters/i);

    await userEvent.type(password(), "1234567");
    expect(password()).toHaveAccessibleDescription(/1 more character to go/);
    await userEvent.type(password(), "8");
    expect(password()).toHaveAccessibleDescription(/long enough/i);
    expect(password()).toHaveAttribute("aria-invalid", "false");
  });

  it("says what is wrong with a short password in the service's words", async () => {
    const { calls } = serve({});
    renderApp(<SignupForm />);

    await signUp("short");

    expect(password()).toHaveAccessibleDescription(/^Password must be at least 8 characters/);
    expect(password()).toHaveFocus();
    expect(calls).toEqual([]);
    await expectAccessible();
  });

  it("announces what belongs to no field, and to one that is not there", async () => {
    const error = "Unable to create an account with these details";
    serve({ [SIGNUP]: () => failure(400, error, { field: "plan", errors: { plan: error } }) });
    renderApp(<SignupForm />);

    await signUp();

    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(error));
  });

  it("shows each of several problems at its own field", async () => {
    const errors = { email: "Enter a valid email address", password: "Password is too common" };
    serve({ [SIGNUP]: () => failure(400, errors.email, { field: "email", errors }) });
    renderApp(<SignupForm />);

    await signUp();

    await waitFor(() => expect(email()).toHaveAccessibleDescription(errors.email));
    expect(password()).toHaveAccessibleDescription(/^Password is too common/);
    expect(email()).toHaveFocus();
    expect(screen.getByRole("alert")).toBeEmptyDOMElement();
  });

  it("tells password managers that this is a new password", () => {
    renderApp(<SignupForm />);

    expect(email()).toHaveAttribute("autocomplete", "email");
    expect(name()).toHaveAttribute("autocomplete", "name");
    expect(password()).toHaveAttribute("autocomplete", "new-password");
  });

  it("says to check the email where the address is confirmed first, and sends the link again", async () => {
    const { calls } = serve({
      [SIGNUP]: () =>
        json(201, { success: true, message: "Check your email for a link to confirm your address" }),
      "POST /api/auth/email/resend": () => json(200, { success: true, message: "Sent" }),
    });
    renderApp(<SignupForm />);

    await signUp();
    expect(await screen.findByText(/^Check your email for a link/)).toBeInTheDocument();
    expect(screen.queryByText("API token")).not.toBeInTheDocument();
    await expectAccessible();
    await userEvent.click(screen.getByRole("button", { name: "Send the link again" }));

    expect(await screen.findByText(/^If the address is waiting/)).toBeInTheDocument();
    expect(calls.at(-1)?.body).toEqual({ email: "ada@example.com" });
  });

  it("mentions the link also where it may wait", async () => {
    const user = { ...ADA, emailVerified: false };
    serve({ [SIGNUP]: () => json(201, { success: true, message: "Created", user, api_token: "wg_1" }) });
    renderApp(<SignupForm />);

    await signUp();

    expect(await screen.findByText(/^This address is not confirmed yet/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Show API token" })).toBeInTheDocument();
    await expectAccessible();
  });
});
