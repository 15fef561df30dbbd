import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactElement, StrictMode } from "react";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { ADA, failure, haveSession, json, pending, serve } from "../../../test/service.js";
import { ConfirmEmailChange, UndoEmailChange, useSession, VerifyEmail } from "../../index.js";

interface Kind {
  element: (onSuccess?: () => void) => ReactElement;
  route: string;
  button: string;
  busy: string;
  done: RegExp;
}

const KINDS: Record<string, Kind> = {
  VerifyEmail: {
    element: (onSuccess) => <VerifyEmail onSuccess={onSuccess} continueHref="/profile" />,
    route: "POST /api/auth/email/verify",
    button: "Confirm my address",
    busy: "Confirming…",
    done: /^Your address is confirmed/,
  },
  ConfirmEmailChange: {
    element: (onSuccess) => <ConfirmEmailChange onSuccess={onSuccess} continueHref="/profile" />,
    route: "POST /api/auth/email/change/confirm",
    button: "Use this address",
    busy: "Changing your address…",
    done: /^Your email address has been changed/,
  },
  UndoEmailChange: {
    element: (onSuccess) => <UndoEmailChange onSuccess={onSuccess} continueHref="/profile" />,
    route: "POST /api/auth/email/change/undo",
    button: "Undo the change",
    busy: "Undoing the change…",
    done: /^Your account has its old address again/,
  },
};

const done = () => json(200, { success: true, message: "Anything" });
const useless = () => failure(400, "This link is no longer valid", { field: "token" });
const arrive = (hash: string) => history.replaceState(null, "", `/link${hash}`);

function Who() {
  const { data } = useSession();
  return <p>{data?.user.email ?? "nobody"}</p>;
}

describe.each(Object.entries(KINDS))("%s", (_, { element, route, button, busy, done: confirmed }) => {
  const press = () => userEvent.click(screen.getByRole("button", { name: button }));

  it("asks nothing of the service before the button is pressed", async () => {
    arrive("#secret.user");
    const { calls } = serve({ [route]: done });

    renderApp(<StrictMode>{element()}</StrictMode>);

    expect(await screen.findByRole("button", { name: button })).toBeInTheDocument();
    expect(location.href).not.toContain("secret");
    expect(calls).toEqual([]);
    await expectAccessible();
  });

  it("does what the link is for, once, at the press of the button", async () => {
    arrive("#secret.user");
    const { answer, finish } = pending();
    const { calls } = serve({ [route]: () => answer });
    const onSuccess = vi.fn();
    renderApp(element(onSuccess));

    await press();
    expect(screen.getByRole("status")).toHaveTextContent(busy);
    await userEvent.click(screen.getByRole("button"));
    await expectAccessible();
    finish(done());

    expect(await screen.findByText(confirmed)).toBeInTheDocument();
    await waitFor(() => expect(screen.getByRole("status")).toHaveFocus());
    expect(calls.map(({ body }) => body)).toEqual([{ token: "secret.user" }]);
    expect(onSuccess).toHaveBeenCalledOnce();
    expect(screen.getByRole("link", { name: "Continue" })).toHaveAttribute("href", "/profile");
    await expectAccessible();
  });

  it("says that a link is no longer good, and takes the button away", async () => {
    arrive("#used.user");
    serve({ [route]: useless });
    renderApp(element());

    await press();

    expect(await screen.findByText("This link is no longer valid")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: button })).not.toBeInTheDocument();
    await expectAccessible();
  });

  it("says when the link was cut off", async () => {
    arrive("");
    const { calls } = serve({});
    renderApp(element());

    expect(await screen.findByText(/^This link is incomplete/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: button })).not.toBeInTheDocument();
    expect(calls).toEqual([]);
    await expectAccessible();
  });

  it("keeps the link through a trouble of the service, for a second press", async () => {
    arrive("#secret.user");
    let answer = () => failure(503, "An error occurred, please try again");
    const { calls } = serve({ [route]: () => answer() });
    renderApp(element());
    await press();
    expect(await screen.findByText("An error occurred, please try again")).toBeInTheDocument();
    expect(calls).toHaveLength(1);

    answer = done;
    await press();

    expect(await screen.findByText(confirmed)).toBeInTheDocument();
  });

  it("counts down when too many links were tried", async () => {
    arrive("#secret.user");
    serve({ [route]: () => failure(429, "Too many", {}, { "Retry-After": "30" }) });
    renderApp(element());

    await press();

    expect(await screen.findByRole("timer")).toHaveTextContent("30 s");
    expect(screen.getByRole("button", { name: button })).toHaveAttribute("aria-disabled", "true");
  });

  it("begins anew with another link opened in the same tab", async () => {
    arrive("#used.user");
    let answer = useless;
    const { calls } = serve({ [route]: () => answer() });
    renderApp(element());
    await press();
    await screen.findByText("This link is no longer valid");

    answer = done;
    act(() => {
      location.hash = "#newer.user";
    });
    await screen.findByRole("button", { name: button });
    await press();

    expect(await screen.findByText(confirmed)).toBeInTheDocument();
    expect(calls.at(-1)?.body).toEqual({ token: "newer.user" });
  });

  it("does not take the answer to one link for the answer to the next", async () => {
    arrive("#first.user");
    const first = pending();
    const second = pending();
    const { calls } = serve({ [route]: () => (calls.length === 1 ? first.answer : second.answer) });
    const onSuccess = vi.fn();
    renderApp(element(onSuccess));
    await press();
    act(() => {
      location.hash = "#second.user";
    });
    await screen.findByRole("button", { name: button });
    await press();

    await act(async () => first.finish(done()));
    expect(screen.queryByText(confirmed)).not.toBeInTheDocument();
    expect(onSuccess).not.toHaveBeenCalled();
    second.finish(done());

    expect(await screen.findByText(confirmed)).toBeInTheDocument();
    expect(onSuccess).toHaveBeenCalledOnce();
    expect(calls.map(({ body }) => body)).toEqual([{ token: "first.user" }, { token: "second.user" }]);
  });
});

describe("the session beside a link", () => {
  it("is asked for again once an address is confirmed", async () => {
    arrive("#secret.user");
    haveSession();
    let user = { ...ADA, emailVerified: false };
    const { calls } = serve({
      "POST /api/auth/email/verify": done,
      "GET /api/profile": () => json(200, { success: true, user }),
    });
    renderApp(<VerifyEmail />);
    await waitFor(() => expect(calls).toHaveLength(1));

    user = { ...user, emailVerified: true };
    await userEvent.click(screen.getByRole("button"));

    await waitFor(() => expect(calls.map(({ path }) => path).at(-1)).toBe("/api/profile"));
    expect(calls).toHaveLength(3);
  });

  it("is over once a change of address was taken back, and a new password is offered", async () => {
    arrive("#secret.user");
    haveSession();
    serve({
      "POST /api/auth/email/change/undo": done,
      "GET /api/profile": () => json(200, { success: true, user: ADA }),
    });
    renderApp(
      <>
        <UndoEmailChange forgotHref="/forgot" />
        <Who />
      </>,
    );
    await screen.findByText("ada@example.com");

    await userEvent.click(screen.getByRole("button"));

    expect(await screen.findByText("nobody")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Send me another link" })).toHaveAttribute("href", "/forgot");
    await expectAccessible();
  });

  it("tells whose link is to be sent again", async () => {
    arrive("#used.user");
    haveSession();
    const { calls } = serve({
      "POST /api/auth/email/verify": useless,
      "POST /api/auth/email/resend": done,
      "GET /api/profile": () => json(200, { success: true, user: ADA }),
    });
    renderApp(<VerifyEmail />);
    await waitFor(() => expect(calls).toHaveLength(1));

    await userEvent.click(screen.getByRole("button"));
    await userEvent.click(await screen.findByRole("button", { name: "Send the link again" }));

    expect(await screen.findByText(/^If the address is waiting/)).toBeInTheDocument();
    expect(calls.at(-1)?.body).toEqual({ email: "ada@example.com" });
  });
});
