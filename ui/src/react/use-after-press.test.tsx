import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { renderApp } from "../../test/app.js";
import { serve } from "../../test/service.js";
import { LoginForm } from "../index.js";

const problem = () => screen.queryByText("Enter a valid email address");

function leaveWithWrongEmail() {
  const email = screen.getByLabelText("Email");
  fireEvent.change(email, { target: { value: "ada" } });
  fireEvent.blur(email);
}

it("says nothing new while a pointer is down, so that no button moves away from under it", async () => {
  serve({});
  renderApp(<LoginForm />);
  fireEvent.pointerDown(screen.getByRole("button", { name: "Log in" }));
  leaveWithWrongEmail();
  await new Promise((done) => setTimeout(done, 20));
  expect(problem()).toBeNull();

  fireEvent.pointerUp(screen.getByRole("button", { name: "Log in" }));

  expect(await screen.findByText("Enter a valid email address")).toBeInTheDocument();
});

it.each(["pointerUp", "pointerCancel"] as const)(
  "speaks at once after a press that ended by %s",
  async (end) => {
    serve({});
    renderApp(<LoginForm />);
    fireEvent.pointerDown(document.body);
    fireEvent[end](document.body);

    leaveWithWrongEmail();

    expect(await screen.findByText("Enter a valid email address")).toBeInTheDocument();
  },
);
