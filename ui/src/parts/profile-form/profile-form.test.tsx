import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { ADA, BOB, dead, failure, haveSession, json, pending, serve } from "../../../test/service.js";
import type { UpdateProfileRequest } from "../../index.js";
import { useSession, WicketgateProvider } from "../../index.js";
import { ProfileForm } from "./index.js";

const UPDATE = "PUT /api/profile/update";
const name = () => screen.getByLabelText("Name");
const email = () => screen.getByLabelText("Email");
const bio = () => screen.getByLabelText(/bio/i);
const save = () => screen.getByRole("button", { name: /sav/i });

function Account() {
  const { data } = useSession();
  return data ? <ProfileForm user={data.user} /> : <p>Nobody</p>;
}

const accept = ({ body }: { body: unknown }) =>
  json(200, { success: true, user: { ...ADA, ...(body as UpdateProfileRequest) } });

describe("ProfileForm", () => {
  it("starts with the user's data", async () => {
    renderApp(<ProfileForm user={{ ...ADA, bio: "First\nprogrammer" }} />);

    expect(name()).toHaveValue("Ada");
    expect(email()).toHaveValue("ada@example.com");
    expect(bio()).toHaveValue("First\nprogrammer");
    await expectAccessible();
  });

  it("sends what was changed only, and shows and reports what is kept", async () => {
    const { calls } = serve({ [UPDATE]: accept });
    const onUpdate = vi.fn();
    renderApp(<ProfileForm user={ADA} onUpdate={onUpdate} />);

    fireEvent.change(name(), { target: { value: "  Ada Lovelace\u202e " } });
    await userEvent.click(save());

    expect(await screen.findByText("Your profile has been saved.")).toBeInTheDocument();
    expect(calls.map(({ body }) => body)).toEqual([{ name: "Ada Lovelace" }]);
    expect(name()).toHaveValue("Ada Lovelace");
    expect(onUpdate).toHaveBeenCalledExactlyOnceWith({ ...ADA, name: "Ada Lovelace" });
    await expectAccessible();
  });

  it("keeps what is typed while it saves, and sends it with the next save", async () => {
    haveSession();
    const { answer, finish } = pending();
    const { calls } = serve({
      "GET /api/profile": () => json(200, { success: true, user: ADA }),
      [UPDATE]: (seen) => (calls.length === 2 ? answer : accept(seen)),
    });
    renderApp(<Account />);
    await screen.findByLabelText("Name");
    await userEvent.type(name(), " Lovelace ");
    await userEvent.type(bio(), "One.");
    await userEvent.click(save());
    await userEvent.type(bio(), " Two.");

    finish(json(200, { success: true, user: { ...ADA, name: "Ada Lovelace", bio: "One." } }));
    await screen.findByText("Your profile has been saved.");
    expect(name()).toHaveValue("Ada Lovelace");
    expect(bio()).toHaveValue("One. Two.");
    await userEvent.click(save());

    await waitFor(() => expect(calls.at(-1)?.body).toEqual({ bio: "One. Two." }));
  });

  it("keeps what was not saved, also when the profile is loaded again", async () => {
    serve({ [UPDATE]: () => failure(400, "Out of order") });
    const { rerender } = renderApp(<ProfileForm user={ADA} />);
    await userEvent.type(name(), " Lovelace");
    await userEvent.click(save());
    await screen.findByText("Out of order");

    rerender(
      <WicketgateProvider>
        <ProfileForm user={{ ...ADA, name: "Augusta" }} />
      </WicketgateProvider>,
    );

    expect(name()).toHaveValue("Ada Lovelace");
  });

  it("takes back the confirmation with the next edit", async () => {
    serve({ [UPDATE]: accept });
    renderApp(<ProfileForm user={ADA} />);
    await userEvent.click(save());
    await screen.findByText("Your profile has been saved.");

    await userEvent.type(name(), "x");

    expect(screen.queryByText("Your profile has been saved.")).not.toBeInTheDocument();
  });

  it("removes a bio that was emptied", async () => {
    const { calls } = serve({ [UPDATE]: accept });
    renderApp(<ProfileForm user={{ ...ADA, bio: "x" }} />);

    await userEvent.clear(bio());
    await userEvent.click(save());

    expect(calls[0]?.body).toEqual({ bio: "" });
  });

  it("counts what is left of the bio", async () => {
    renderApp(<ProfileForm user={ADA} />);

    fireEvent.change(bio(), { target: { value: "𝒳".repeat(499) } });
    expect(bio()).toHaveAccessibleDescription("1 character left");
    fireEvent.change(bio(), { target: { value: "𝒳".repeat(501) } });
    fireEvent.blur(bio());
    await screen.findByText("Bio must be at most 500 characters");
    expect(bio()).toHaveAccessibleDescription("Bio must be at most 500 characters 1 character too many");
    await expectAccessible();
  });

  it("shows at the field that an address cannot be used", async () => {
    const error = "Unable to use this email address";
    serve({ [UPDATE]: () => failure(400, error, { field: "email" }) });
    renderApp(<ProfileForm user={ADA} />);

    await userEvent.type(email(), ".org");
    await userEvent.click(save());

    await waitFor(() => expect(email()).toHaveAccessibleDescription(error));
    expect(email()).toHaveFocus();
    expect(email()).toHaveValue("ada@example.com.org");
    await expectAccessible();
  });

  it("goes to the login page once when the session is dead, and does not try again", async () => {
    haveSession();
    history.replaceState(null, "", "/settings");
    const { calls } = serve({ [UPDATE]: dead });
    const { navigate } = renderApp(<ProfileForm user={ADA} />);

    await userEvent.click(save());

    expect(await screen.findByText("Your session has ended. Please log in again.")).toBeInTheDocument();
    expect(navigate).toHaveBeenCalledExactlyOnceWith("/login?next=%2Fsettings");
    expect(calls).toHaveLength(1);
  });

  it("forgets who it was when the session is dead", async () => {
    haveSession();
    serve({ "GET /api/profile": () => json(200, { success: true, user: ADA }), [UPDATE]: dead });
    renderApp(<Account />);

    await userEvent.click(await screen.findByRole("button", { name: /sav/i }));

    expect(await screen.findByText("Nobody")).toBeInTheDocument();
    expect(screen.queryByLabelText("Email")).not.toBeInTheDocument();
  });

  it("takes over what was loaded again, but not over what is being typed", async () => {
    const { rerender } = renderApp(<ProfileForm user={ADA} />);
    await userEvent.type(name(), " Lovelace");

    rerender(
      <WicketgateProvider>
        <ProfileForm user={{ ...ADA, name: "Augusta", bio: "New" }} />
      </WicketgateProvider>,
    );

    expect(name()).toHaveValue("Ada Lovelace");
    expect(bio()).toHaveValue("New");
  });

  it("begins anew when it is somebody else's, whatever was typed", async () => {
    const { calls } = serve({ [UPDATE]: accept });
    const { rerender } = renderApp(<ProfileForm user={ADA} />);
    await userEvent.clear(name());
    await userEvent.type(email(), ".org");
    await userEvent.click(save());
    expect(name()).toHaveAccessibleDescription("Name is required");

    rerender(
      <WicketgateProvider>
        <ProfileForm user={BOB} />
      </WicketgateProvider>,
    );

    expect(email()).toHaveValue("bob@example.com");
    expect(name()).toHaveValue("Bob");
    expect(name()).toHaveAccessibleDescription("");
    await userEvent.click(save());
    await screen.findByText("Your profile has been saved.");
    expect(calls.map(({ body }) => body)).toEqual([{}]);
  });

  it("does not show somebody else the answer to what the one before has sent", async () => {
    const { answer, finish } = pending();
    serve({ [UPDATE]: () => answer });
    const { rerender } = renderApp(<ProfileForm user={ADA} />);
    await userEvent.type(name(), " Lovelace");
    await userEvent.click(save());
    rerender(
      <WicketgateProvider>
        <ProfileForm user={BOB} />
      </WicketgateProvider>,
    );

    await act(async () => finish(json(200, { success: true, user: { ...ADA, name: "Ada Lovelace" } })));

    expect(name()).toHaveValue("Bob");
    expect(screen.queryByText("Your profile has been saved.")).not.toBeInTheDocument();
  });

  it("shows markup in a name as text", () => {
    const { container } = renderApp(<ProfileForm user={{ ...ADA, name: "<img src=x onerror=alert(1)>" }} />);

    expect(name()).toHaveValue("<img src=x onerror=alert(1)>");
    expect(container.querySelector("img")).toBeNull();
  });

  it("says of a new address that it waits, and shows the one that counts", async () => {
    const user = { ...ADA, emailVerified: true, pendingEmail: "new@example.com" };
    serve({ [UPDATE]: () => json(200, { success: true, user }) });
    const onUpdate = vi.fn();
    const { rerender } = renderApp(
      <ProfileForm user={{ ...ADA, emailVerified: true }} onUpdate={onUpdate} />,
    );

    fireEvent.change(email(), { target: { value: "new@example.com" } });
    await userEvent.click(save());
    await waitFor(() => expect(onUpdate).toHaveBeenCalledExactlyOnceWith(user));
    rerender(
      <WicketgateProvider>
        <ProfileForm user={user} />
      </WicketgateProvider>,
    );

    expect(email()).toHaveValue("ada@example.com");
    expect(email()).toHaveAccessibleDescription(/^We have sent a link to new@example\.com/);
    await expectAccessible();
  });

  it("says of an address that it is not confirmed, and sends the link again", async () => {
    const { calls } = serve({
      "POST /api/auth/email/resend": () => json(200, { success: true, message: "Sent" }),
    });
    renderApp(<ProfileForm user={{ ...ADA, emailVerified: false }} />);
    expect(screen.getByText(/^This address is not confirmed yet/)).toBeInTheDocument();
    await expectAccessible();

    await userEvent.click(screen.getByRole("button", { name: "Send the link again" }));

    expect(await screen.findByText(/^If the address is waiting/)).toBeInTheDocument();
    expect(calls.map(({ body }) => body)).toEqual([{ email: "ada@example.com" }]);
  });

  it("says nothing of it where addresses are not confirmed, or this one is", () => {
    const { rerender } = renderApp(<ProfileForm user={ADA} />);
    expect(screen.queryByText(/not confirmed/)).not.toBeInTheDocument();

    rerender(
      <WicketgateProvider>
        <ProfileForm user={{ ...ADA, emailVerified: true }} />
      </WicketgateProvider>,
    );

    expect(screen.queryByText(/not confirmed/)).not.toBeInTheDocument();
  });
});
