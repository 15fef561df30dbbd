import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { ADA, BOB, dead, failure, haveSession, json, pending, serve, TOKENS } from "../../../test/service.js";
import { tokenRequest } from "../../react/use-api-tokens.js";
import { ApiTokensPanel } from "./index.js";

const LIST = "GET /api/auth/api-tokens";
const CREATE = "POST /api/auth/api-tokens";
const REVOKE = "POST /api/auth/api-tokens/revoke";
const SERVICE = {
  "GET /api/profile": () => json(200, { success: true, user: ADA }),
  [LIST]: () => json(200, { success: true, tokens: TOKENS }),
};
const NEW = { id: "t3", name: "Nightly", scopes: ["read"], createdAt: "2030-02-01T12:00:00.000Z" };
const made = () => json(201, { success: true, api_token: "wg_secret_3", token: NEW });
let number = 10;
const another = () => {
  number += 1;
  return json(201, { success: true, api_token: `wg_${number}`, token: { ...NEW, id: `t${number}` } });
};
const list = () => screen.findByRole("list", { name: "Named API tokens" });
const button = (name: string | RegExp) => screen.findByRole("button", { name });

async function open() {
  await list();
  await userEvent.click(await button("New token"));
}

describe("the list of named API tokens", () => {
  it("tells of each what it may do and until when", async () => {
    haveSession();
    serve(SERVICE);
    renderApp(<ApiTokensPanel />);

    const items = within(await list()).getAllByRole("listitem");
    expect(items.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^BackupMay do everything.*does not expire.*not used yet/),
      expect.stringMatching(/^Billingread:orders write:orders.*expired .*last used .*limit 100/),
    ]);
    await expectAccessible();
  });

  it("says that there is none", async () => {
    haveSession();
    serve({ ...SERVICE, [LIST]: () => json(200, { success: true, tokens: [] }) });
    renderApp(<ApiTokensPanel />);

    expect(await screen.findByText("There is none yet.")).toBeInTheDocument();
  });

  it("asks before it revokes, and can be declined by key", async () => {
    haveSession();
    const { calls } = serve(SERVICE);
    renderApp(<ApiTokensPanel />);

    await userEvent.click(await button("Revoke the token Backup"));

    expect(await button("Cancel")).toHaveFocus();
    expect(await button("Revoke the token")).toHaveAccessibleDescription(/^“Backup” stops working/);
    await expectAccessible();
    await userEvent.keyboard("{Escape}");
    expect(await button("Revoke the token Backup")).toHaveFocus();
    expect(calls.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it("revokes once, takes the token off the list, and keeps the place of who uses a keyboard", async () => {
    haveSession();
    const { answer, finish } = pending();
    const { calls } = serve({ ...SERVICE, [REVOKE]: () => answer });
    const onRevoke = vi.fn();
    renderApp(<ApiTokensPanel onRevoke={onRevoke} />);

    await userEvent.click(await button("Revoke the token Backup"));
    await userEvent.click(await button("Revoke the token"));
    await userEvent.click(await button("Revoking…"));
    await userEvent.keyboard("{Escape}");
    finish(json(200, { success: true }));

    expect(await screen.findByText("The token has been revoked.")).toBeInTheDocument();
    expect(calls.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([{ id: "t1" }]);
    expect(within(await list()).getAllByRole("listitem")).toHaveLength(1);
    expect(screen.getByRole("region", { name: "Named API tokens" })).toHaveFocus();
    expect(onRevoke).toHaveBeenCalledExactlyOnceWith("t1");
    await expectAccessible();
  });

  it("keeps a token that could not be revoked", async () => {
    haveSession();
    serve({ ...SERVICE, [REVOKE]: () => failure(403, "Access denied") });
    renderApp(<ApiTokensPanel />);

    await userEvent.click(await button("Revoke the token Backup"));
    await userEvent.click(await button("Revoke the token"));

    expect(await screen.findByText("Access denied")).toBeInTheDocument();
    expect(within(await list()).getAllByRole("listitem")).toHaveLength(2);
  });
});

describe("a new named API token", () => {
  it("is made of what was typed, shown once with a button that copies it, and then gone", async () => {
    haveSession();
    const user = userEvent.setup();
    const { calls } = serve({ ...SERVICE, [CREATE]: made });
    const onCreate = vi.fn();
    const { container } = renderApp(<ApiTokensPanel onCreate={onCreate} />);
    await open();
    expect(screen.getByLabelText("Name")).toHaveFocus();
    await expectAccessible();

    await user.type(screen.getByLabelText("Name"), " Nightly ");
    await user.type(screen.getByLabelText(/^Scopes/), "read, write");
    await user.selectOptions(screen.getByLabelText("Expires"), "In 30 days");
    await user.type(screen.getByLabelText(/^Limit/), "50{Enter}");

    expect(await screen.findByText("wg_secret_3")).toBeInTheDocument();
    await waitFor(() =>
      expect(screen.getByText("Your new token is ready.").closest("[role=status]")).toHaveFocus(),
    );
    expect(calls.find(({ method }) => method === "POST")?.body).toEqual({
      name: "Nightly",
      scopes: ["read", "write"],
      expires_in_days: 30,
      limit: 50,
    });
    expect(onCreate).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ token: NEW }));
    expect(within(await list()).getAllByRole("listitem")[0]).toHaveTextContent(/^Nightly/);
    await expectAccessible();
    await user.click(await button("Copy Nightly"));
    expect(await navigator.clipboard.readText()).toBe("wg_secret_3");
    await user.click(await button("I have stored it"));
    expect(container).not.toHaveTextContent("wg_secret_3");
    expect(await button("New token")).toHaveFocus();
  });

  it("is not shown to whoever logs in next", async () => {
    haveSession();
    let user = ADA;
    serve({ ...SERVICE, "GET /api/profile": () => json(200, { success: true, user }), [CREATE]: made });
    const { container } = renderApp(<ApiTokensPanel />);
    await open();
    await userEvent.type(screen.getByLabelText("Name"), "Nightly{Enter}");
    expect(await screen.findByText("wg_secret_3")).toBeInTheDocument();
    const other = new BroadcastChannel("wicketgate:");

    user = BOB;
    other.postMessage("changed");

    await waitFor(() => expect(container).not.toHaveTextContent("wg_secret_3"));
    expect(await button("New token")).toBeInTheDocument();
    other.close();
  });

  it("is not shown any more once another tab has logged out", async () => {
    haveSession();
    serve({ ...SERVICE, [CREATE]: made });
    const { container } = renderApp(<ApiTokensPanel />);
    await open();
    await userEvent.type(screen.getByLabelText("Name"), "Nightly{Enter}");
    expect(await screen.findByText("wg_secret_3")).toBeInTheDocument();
    const other = new BroadcastChannel("wicketgate:");

    other.postMessage("ended");

    await waitFor(() => expect(container).not.toHaveTextContent("wg_secret_3"));
    other.close();
  });

  it("is not on the list of whoever has logged in before it is made", async () => {
    haveSession();
    let user = ADA;
    const { answer, finish } = pending();
    serve({
      ...SERVICE,
      "GET /api/profile": () => json(200, { success: true, user }),
      [CREATE]: () => answer,
    });
    const { container } = renderApp(<ApiTokensPanel />);
    await open();
    await userEvent.type(screen.getByLabelText("Name"), "Nightly{Enter}");
    const other = new BroadcastChannel("wicketgate:");
    user = BOB;
    other.postMessage("changed");
    await button("New token");
    await list();

    await act(async () => finish(made()));

    expect(container).not.toHaveTextContent(/Nightly|wg_secret_3/);
    other.close();
  });

  it("has an end unless somebody wants none, and no scopes unless some are named", async () => {
    haveSession();
    const { calls } = serve({ ...SERVICE, [CREATE]: another });
    renderApp(<ApiTokensPanel />);
    await open();
    await userEvent.type(screen.getByLabelText("Name"), "Nightly{Enter}");
    await userEvent.click(await button("I have stored it"));

    await userEvent.click(await button("New token"));
    await userEvent.selectOptions(screen.getByLabelText("Expires"), "Never");
    await userEvent.type(screen.getByLabelText("Name"), "For good{Enter}");

    await button("I have stored it");
    const sent = calls.filter(({ method }) => method === "POST").map(({ body }) => body);
    expect(sent).toEqual([{ name: "Nightly", expires_in_days: 90 }, { name: "For good" }]);
  });

  it("can be given up by key", async () => {
    haveSession();
    serve(SERVICE);
    renderApp(<ApiTokensPanel />);
    await open();

    await userEvent.keyboard("{Escape}");

    expect(await button("New token")).toHaveFocus();
  });

  it("says at the fields what is wrong", async () => {
    haveSession();
    serve({ ...SERVICE, [CREATE]: () => failure(400, "This is no scope", { field: "scopes" }) });
    renderApp(<ApiTokensPanel />);
    await open();

    await userEvent.type(screen.getByLabelText(/^Limit/), "many{Enter}");
    expect(screen.getByLabelText("Name")).toHaveAccessibleDescription(/^Name is required/);
    expect(screen.getByLabelText(/^Limit/)).toHaveAccessibleDescription(/^Enter a whole number/);
    await expectAccessible();
    await userEvent.clear(screen.getByLabelText(/^Limit/));
    await userEvent.type(screen.getByLabelText("Name"), "Nightly{Enter}");

    await waitFor(() => expect(screen.getByLabelText(/^Scopes/)).toHaveFocus());
    expect(screen.getByLabelText(/^Scopes/)).toHaveAccessibleDescription(/^This is no scope/);
  });

  it("says when there are too many, and keeps what was typed", async () => {
    haveSession();
    serve({ ...SERVICE, [CREATE]: () => failure(400, "You have as many tokens as fit") });
    renderApp(<ApiTokensPanel />);
    await open();

    await userEvent.type(screen.getByLabelText("Name"), "Nightly{Enter}");

    expect(await screen.findByText("You have as many tokens as fit")).toBeInTheDocument();
    expect(screen.getByLabelText("Name")).toHaveValue("Nightly");
  });

  it("goes to the login page once when the session is dead", async () => {
    haveSession();
    history.replaceState(null, "", "/security");
    serve({ ...SERVICE, [CREATE]: dead });
    const { navigate } = renderApp(<ApiTokensPanel />);
    await open();

    await userEvent.type(screen.getByLabelText("Name"), "Nightly{Enter}");

    await waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith("/login?next=%2Fsecurity"));
  });
});

it("asks for each scope that was typed, in its order, whatever stands between them", () => {
  const scope = fc.stringMatching(/^[a-z][a-z:._-]{0,20}$/);
  const between = fc.stringMatching(/^[ ,]{1,3}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(scope, between), { maxLength: 10 }), (typed) => {
      const text = typed.map(([name, gap]) => name + gap).join("");
      const request = tokenRequest({ name: "x", scopes: text, expires_in_days: "", limit: "" });
      const scopes = typed.map(([name]) => name);

      expect(request).toEqual(scopes.length > 0 ? { name: "x", scopes } : { name: "x" });
    }),
    { numRuns: 200 },
  );
});
