import { fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { serve } from "../../../test/service.js";
import { LoginForm } from "../login-form/index.js";

const password = () => screen.getByLabelText(/password/i);

describe("PasswordField", () => {
  it("can be shown and hidden by keyboard alone", async () => {
    renderApp(<LoginForm />);
    expect(password()).toHaveAttribute("type", "password");

    password().focus();
    await userEvent.tab();
    await userEvent.keyboard("{Enter}");
    expect(password()).toHaveAttribute("type", "text");
    expect(screen.getByRole("button", { name: "Hide password" })).toHaveFocus();
    await expectAccessible();

    await userEvent.keyboard(" ");
    expect(password()).toHaveAttribute("type", "password");
  });

  it("is hidden again before the browser sees the form sent", async () => {
    serve({ "POST /api/auth/login": () => new Promise(() => {}) });
    renderApp(<LoginForm />);
    await userEvent.type(screen.getByLabelText(/email/i), "ada@example.com");
    await userEvent.type(password(), "correct horse");
    await userEvent.click(screen.getByRole("button", { name: "Show password" }));

    await userEvent.click(screen.getByRole("button", { name: "Log in" }));

    expect(password()).toHaveAttribute("type", "password");
  });

  it("mentions caps lock", () => {
    renderApp(<LoginForm />);

    fireEvent.keyDown(password(), { key: "A", modifierCapsLock: true });
    expect(password()).toHaveAccessibleDescription("Caps lock is on");
    fireEvent.keyUp(password(), { key: "CapsLock", modifierCapsLock: false });
    expect(password()).not.toHaveAccessibleDescription();
  });
});
