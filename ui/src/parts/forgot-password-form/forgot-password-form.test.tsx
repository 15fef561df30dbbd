import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { failure, json, serve } from "../../../test/service.js";
import { ForgotPasswordForm } from "./index.js";

const FORGOT = "POST /api/auth/password/forgot";
const sent = () => json(200, { success: true, message: "Anything" });
const email = () => screen.getByLabelText("Email");

describe("ForgotPasswordForm", () => {
  it("sends the address as the service keeps it, and then says where to look", async () => {
    const { calls } = serve({ [FORGOT]: sent });
    const onSuccess = vi.fn();
    renderApp(<ForgotPasswordForm onSuccess={onSuccess} />);
    await expectAccessible();

    await userEvent.type(email(), " ada@example.com\u202e{Enter}");

    expect(await screen.findByText(/^If there is an account with this address/)).toBeInTheDocument();
    await waitFor(() => expect(screen.getByRole("status")).toHaveFocus());
    expect(calls.map(({ body }) => body)).toEqual([{ email: "ada@example.com" }]);
    expect(onSuccess).toHaveBeenCalledExactlyOnceWith("ada@example.com");
    expect(screen.getByRole("link", { name: "Back to login" })).toHaveAttribute("href", "/login");
    await expectAccessible();
  });

  it("can be asked again, from the beginning", async () => {
    const { calls } = serve({ [FORGOT]: sent });
    const onAgain = vi.fn();
    renderApp(<ForgotPasswordForm onAgain={onAgain} />);
    await userEvent.type(email(), "ada@example.com{Enter}");

    await userEvent.click(await screen.findByRole("button", { name: "Send it again" }));
    expect(email()).toHaveValue("");
    await userEvent.type(email(), "grace@example.com{Enter}");

    await screen.findByText(/^If there is an account/);
    expect(onAgain).toHaveBeenCalledOnce();
    expect(calls.map(({ body }) => body)).toEqual([
      { email: "ada@example.com" },
      { email: "grace@example.com" },
    ]);
  });

  it("counts down when too many were asked for", async () => {
    serve({
      [FORGOT]: () => failure(429, "Too many requests, please try again later", {}, { "Retry-After": "90" }),
    });
    renderApp(<ForgotPasswordForm />);

    await userEvent.type(email(), "ada@example.com{Enter}");

    expect(await screen.findByRole("timer")).toHaveTextContent("You can try again in 1:30 min.");
    expect(screen.getByRole("button")).toHaveAttribute("aria-disabled", "true");
    await expectAccessible();
  });

  it("is not repeated by itself when the service is in trouble, and works at the second try", async () => {
    let answer = () => failure(503, "An error occurred, please try again");
    const { calls } = serve({ [FORGOT]: () => answer() });
    renderApp(<ForgotPasswordForm />);
    await userEvent.type(email(), "ada@example.com{Enter}");
    expect(await screen.findByText("An error occurred, please try again")).toBeInTheDocument();
    expect(calls).toHaveLength(1);

    answer = sent;
    await userEvent.click(screen.getByRole("button"));

    expect(await screen.findByText(/^If there is an account/)).toBeInTheDocument();
  });

  it("speaks another language", async () => {
    serve({ [FORGOT]: sent });
    renderApp(<ForgotPasswordForm />, { texts: { sendLink: "Link senden", linkSent: "Bitte nachsehen" } });

    await userEvent.type(email(), "ada@example.com");
    await userEvent.click(screen.getByRole("button", { name: "Link senden" }));

    expect(await screen.findByText("Bitte nachsehen")).toBeInTheDocument();
  });
});
