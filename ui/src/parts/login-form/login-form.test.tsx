import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { failure, json, later, loggedIn, pending, serve } from "../../../test/service.js";
import { ResendVerification } from "../resend-verification/index.js";
import { LoginForm } from "./index.js";

const LOGIN = "POST /api/auth/login";
const email = () => screen.getByLabelText(/email/i);
const password = () => screen.getByLabelText(/password/i);
const submit = () => screen.getByRole("button", { name: /log in|logging in/i });

async function fillIn(address = "ada@example.com", secret = "correct horse") {
  await userEvent.type(email(), address);
  await userEvent.type(password(), secret);
}

async function logIn() {
  await fillIn();
  await userEvent.click(submit());
}

describe("LoginForm", () => {
  it("should display error for empty email", async () => {
    render(<LoginForm />);

    await userEvent.type(password(), "password123");
    await userEvent.click(submit());

    expect(screen.getByText(/email is required/i)).toBeInTheDocument();
  });

  it("should display error for empty password", async () => {
    render(<LoginForm />);

    await userEvent.type(email(), "test@example.com");
    await userEvent.click(submit());

    expect(screen.getByText(/password is required/i)).toBeInTheDocument();
  });

  it("ties each error to its field and goes to the first wrong one", async () => {
    const { calls } = serve({});
    renderApp(<LoginForm />);

    await userEvent.click(submit());

    expect(email()).toHaveFocus();
    expect(email()).toHaveAttribute("aria-invalid", "true");
    expect(email()).toHaveAccessibleDescription("Email is required");
    expect(password()).toHaveAccessibleDescription("Password is required");
    expect(calls).toEqual([]);
    await expectAccessible();
  });

  it("says nothing about a field that was only passed through", async () => {
    renderApp(<LoginForm />);

    await userEvent.tab();
    await userEvent.tab();

    expect(email()).not.toHaveAccessibleDescription();
    expect(email()).toHaveAttribute("aria-invalid", "false");
  });

  it("checks what was typed when the field is left, and from then on while typing", async () => {
    renderApp(<LoginForm />);

    await userEvent.type(email(), "ada@exam");
    expect(email()).not.toHaveAccessibleDescription();
    await userEvent.tab();
    expect(email()).toHaveAccessibleDescription("Enter a valid email address");
    await userEvent.type(email(), "ple.com");
    expect(email()).not.toHaveAccessibleDescription();
  });

  it("sends the address cleaned and the password as it is, and hands over the answer", async () => {
    const { calls } = serve({ [LOGIN]: () => loggedIn() });
    const onSuccess = vi.fn();
    const { navigate } = renderApp(<LoginForm onSuccess={onSuccess} redirectTo="/dashboard" />);

    await fillIn(" ada@example.com ", " correct horse ");
    await userEvent.click(submit());

    await waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith("/dashboard"));
    expect(calls.map(({ body }) => body)).toEqual([
      { email: "ada@example.com", password: " correct horse " },
    ]);
    expect(onSuccess).toHaveBeenCalledOnce();
    expect(screen.getByRole("status")).toHaveTextContent("You are logged in.");
    await expectAccessible();
  });

  it("reads what a password manager put in without saying so", async () => {
    const { calls } = serve({ [LOGIN]: () => loggedIn() });
    renderApp(<LoginForm />);

    (email() as HTMLInputElement).value = "ada@example.com";
    (password() as HTMLInputElement).value = "from the manager";
    await userEvent.click(submit());

    expect(calls[0]?.body).toEqual({ email: "ada@example.com", password: "from the manager" });
  });

  it("is busy until the answer and sends one request however often it is asked", async () => {
    const { answer, finish } = pending();
    const { calls } = serve({ [LOGIN]: () => answer });
    renderApp(<LoginForm />);

    await logIn();
    await userEvent.click(submit());
    fireEvent.submit(submit());

    expect(submit()).toHaveAccessibleName("Logging in…");
    expect(submit()).toHaveAttribute("aria-disabled", "true");
    expect(submit()).toHaveFocus();
    await expectAccessible();
    await act(async () => finish(failure(401, "Invalid credentials")));
    expect(submit()).toHaveAccessibleName("Log in");
    expect(calls).toHaveLength(1);
  });

  it("announces refused credentials and marks neither field", async () => {
    serve({ [LOGIN]: () => failure(401, "Invalid credentials") });
    const { navigate } = renderApp(<LoginForm redirectTo="/dashboard" />);

    await logIn();

    expect(await screen.findByRole("alert")).toHaveTextContent("Invalid credentials");
    expect(email()).toHaveAttribute("aria-invalid", "false");
    expect(password()).toHaveAttribute("aria-invalid", "false");
    expect(navigate).not.toHaveBeenCalled();
    await expectAccessible();
  });

  it("shows a field's problem at the field until the field is edited", async () => {
    const error = "Enter a valid email address";
    serve({ [LOGIN]: () => failure(400, error, { field: "email", errors: { email: error } }) });
    renderApp(<LoginForm />);

    await logIn();

    await waitFor(() => expect(email()).toHaveAccessibleDescription(error));
    expect(email()).toHaveFocus();
    expect(screen.getByRole("alert")).toBeEmptyDOMElement();
    await userEvent.type(email(), "x");
    expect(email()).not.toHaveAccessibleDescription();
  });

  it("shows problems found elsewhere, given as props", async () => {
    renderApp(<LoginForm errors={{ email: "This address is closed" }} />);

    expect(email()).toHaveAccessibleDescription("This address is closed");
  });

  it("counts down a limit and then lets go", async () => {
    vi.useFakeTimers();
    let answer = failure(429, "Too many requests, please try again later", {}, { "Retry-After": "61" });
    const { calls } = serve({ [LOGIN]: () => answer });
    renderApp(<LoginForm />);
    fireEvent.change(email(), { target: { value: "ada@example.com" } });
    fireEvent.change(password(), { target: { value: "correct horse" } });

    fireEvent.click(submit());
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(screen.getByRole("alert")).toHaveTextContent("Too many requests, please try again later");
    expect(screen.getByRole("timer")).toHaveTextContent("You can try again in 1:01 min.");
    fireEvent.click(submit());
    fireEvent.change(email(), { target: { value: "" } });
    fireEvent.submit(submit());
    fireEvent.change(email(), { target: { value: "ada@example.com" } });
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(screen.getByRole("timer")).toHaveTextContent("You can try again in 1 s.");
    expect(submit()).toHaveAttribute("aria-disabled", "true");
    expect(calls).toHaveLength(1);

    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(screen.getByRole("status")).toHaveTextContent("You can try again now.");
    expect(submit()).toHaveAttribute("aria-disabled", "false");
    answer = loggedIn();
    fireEvent.click(submit());
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(calls).toHaveLength(2);
    expect(screen.getByRole("status")).toHaveTextContent("You are logged in.");
  });

  it("never repeats a login by itself", async () => {
    vi.useFakeTimers();
    const { calls } = serve({ [LOGIN]: () => failure(503, "An error occurred, please try again") });
    renderApp(<LoginForm />);
    fireEvent.change(email(), { target: { value: "ada@example.com" } });
    fireEvent.change(password(), { target: { value: "correct horse" } });

    fireEvent.click(submit());
    await act(() => vi.advanceTimersByTimeAsync(60_000));

    expect(calls).toHaveLength(1);
    expect(screen.getByRole("alert")).toHaveTextContent("An error occurred, please try again");
  });

  it("explains a lost network and can be used again", async () => {
    let online = false;
    serve({ [LOGIN]: () => (online ? loggedIn() : Promise.reject(new TypeError("Failed to fetch"))) });
    renderApp(<LoginForm />);

    await logIn();
    expect(await screen.findByText(/could not be reached/i)).toBeInTheDocument();
    online = true;
    await userEvent.click(submit());

    expect(await screen.findByText("You are logged in.")).toBeInTheDocument();
  });

  it("follows neither a foreign redirectTo nor a foreign next", async () => {
    serve({ [LOGIN]: () => loggedIn() });
    history.replaceState(null, "", "/login?next=//evil.example");
    const { navigate } = renderApp(<LoginForm redirectTo="https://evil.example/" />);

    await logIn();

    await screen.findByText("You are logged in.");
    expect(navigate).not.toHaveBeenCalled();
  });

  it("goes back to where a dead session came from, on the login page only", async () => {
    serve({ [LOGIN]: () => loggedIn() });
    history.replaceState(null, "", "/login?next=%2Forders%3Fpage%3D2");
    const { navigate, unmount } = renderApp(<LoginForm redirectTo="/dashboard" />);
    await logIn();
    await waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith("/orders?page=2"));
    unmount();

    history.replaceState(null, "", "/welcome?next=%2Forders");
    const elsewhere = renderApp(<LoginForm redirectTo="/dashboard" />);
    await logIn();
    await waitFor(() => expect(elsewhere.navigate).toHaveBeenCalledExactlyOnceWith("/dashboard"));
  });

  it("can be filled in by a password manager and never puts the password into an address", () => {
    const { container } = renderApp(<LoginForm />);

    expect(container.querySelector("form")).toHaveAttribute("method", "post");
    expect(email()).toHaveAttribute("autocomplete", "username");
    expect(email()).toHaveAttribute("inputmode", "email");
    expect(email()).toHaveAttribute("name", "email");
    expect(password()).toHaveAttribute("autocomplete", "current-password");
    expect(password()).toHaveAttribute("name", "password");
  });

  it("takes class names, texts and translations of the service's messages", async () => {
    serve({ [LOGIN]: () => failure(401, "Invalid credentials") });
    const { container } = renderApp(<LoginForm className="mine" classNames={{ button: "loud" }} />, {
      classNames: { input: "wide" },
      texts: { logIn: "Anmelden", messages: { "Invalid credentials": "Falsche Angaben" } },
    });

    await fillIn();
    await userEvent.click(screen.getByRole("button", { name: "Anmelden" }));

    expect(await screen.findByText("Falsche Angaben")).toBeInTheDocument();
    expect(container.querySelector("form")).toHaveClass("wg", "mine");
    expect(email()).toHaveClass("wg-input", "wide");
    expect(screen.getByRole("button", { name: "Anmelden" })).toHaveClass("wg-button", "loud");
  });

  it("treats a page that is not the service's as an error", async () => {
    serve({ [LOGIN]: () => new Response("<html>Please accept our terms</html>", { status: 200 }) });
    renderApp(<LoginForm />);

    await logIn();

    expect(await screen.findByText("An error occurred, please try again")).toBeInTheDocument();
  });

  it("forgets that it succeeded when the browser brings the page back", async () => {
    serve({ [LOGIN]: () => later(0, () => json(200, { success: true, user: {}, api_token: "t" })) });
    renderApp(<LoginForm redirectTo="/dashboard" />);
    await logIn();
    await screen.findByText("You are logged in.");

    act(() => {
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    });

    expect(screen.queryByText("You are logged in.")).not.toBeInTheDocument();
    expect(submit()).toHaveAttribute("aria-disabled", "false");
  });

  it("leads to whoever forgot their password, if there is such a place", async () => {
    const { rerender } = render(<LoginForm />);
    expect(screen.queryByRole("link")).not.toBeInTheDocument();

    rerender(<LoginForm forgotHref="/forgot" />);

    expect(screen.getByRole("link", { name: "Forgot your password?" })).toHaveAttribute("href", "/forgot");
    await expectAccessible();
  });

  it("offers another link to who has the right password and an address not confirmed yet", async () => {
    const error = "Please confirm your email address first; we have sent you a new link";
    const { calls } = serve({
      [LOGIN]: () => failure(403, error),
      "POST /api/auth/email/resend": () => json(200, { success: true, message: "Sent" }),
    });
    renderApp(<LoginForm whenUnverified={(address) => <ResendVerification email={address} />} />);

    await logIn();
    expect(await screen.findByText(error)).toBeInTheDocument();
    await expectAccessible();
    await userEvent.click(screen.getByRole("button", { name: "Send the link again" }));

    expect(await screen.findByText(/^If the address is waiting/)).toBeInTheDocument();
    expect(calls.at(-1)?.body).toEqual({ email: "ada@example.com" });
  });

  it("offers no link to who was refused for another reason", async () => {
    serve({ [LOGIN]: () => failure(403, "Access denied") });
    renderApp(<LoginForm whenUnverified={() => <p>Another link</p>} />);

    await logIn();

    expect(await screen.findByText("Access denied")).toBeInTheDocument();
    expect(screen.queryByText("Another link")).not.toBeInTheDocument();
  });
});
