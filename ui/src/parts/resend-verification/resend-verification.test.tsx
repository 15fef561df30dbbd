import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { failure, json, serve } from "../../../test/service.js";
import { ResendVerification } from "./index.js";

const RESEND = "POST /api/auth/email/resend";
const sent = () => json(200, { success: true, message: "Anything" });
const button = () => screen.getByRole("button", { name: "Send the link again" });

describe("ResendVerification", () => {
  it("is a button alone for an address that is known, and may stand within a form", async () => {
    const { calls } = serve({ [RESEND]: sent });
    renderApp(
      <form aria-label="Profile" onSubmit={() => expect.unreachable("sent the form around it")}>
        <ResendVerification email="ada@example.com" />
      </form>,
    );
    expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
    await expectAccessible();

    await userEvent.click(button());

    expect(await screen.findByText(/^If the address is waiting/)).toBeInTheDocument();
    expect(calls.map(({ body }) => body)).toEqual([{ email: "ada@example.com" }]);
  });

  it("asks for an address that is not known", async () => {
    const { calls } = serve({ [RESEND]: sent });
    renderApp(<ResendVerification />);
    await userEvent.click(button());
    expect(screen.getByLabelText("Email")).toHaveAccessibleDescription("Email is required");
    await expectAccessible();

    await userEvent.type(screen.getByLabelText("Email"), "grace@example.com{Enter}");

    expect(await screen.findByText(/^If the address is waiting/)).toBeInTheDocument();
    expect(calls.map(({ body }) => body)).toEqual([{ email: "grace@example.com" }]);
  });

  it("says what is wrong with an address that has no field to say it at", async () => {
    serve({ [RESEND]: () => failure(400, "Enter a valid email address", { field: "email" }) });
    renderApp(<ResendVerification email="ada@" />);

    await userEvent.click(button());

    expect(await screen.findByText("Enter a valid email address")).toBeInTheDocument();
  });

  it("counts down when too many were asked for", async () => {
    serve({ [RESEND]: () => failure(429, "Too many", {}, { "Retry-After": "30" }) });
    renderApp(<ResendVerification email="ada@example.com" />);

    await userEvent.click(button());

    expect(await screen.findByRole("timer")).toHaveTextContent("30 s");
    expect(button()).toHaveAttribute("aria-disabled", "true");
  });
});
