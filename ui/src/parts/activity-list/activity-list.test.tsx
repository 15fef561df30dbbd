import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderApp } from "../../../test/app.js";
import { expectAccessible } from "../../../test/axe.js";
import { ADA, EVENTS, failure, haveSession, json, serve } from "../../../test/service.js";
import { ActivityList } from "./index.js";

const LIST = "GET /api/auth/activity";
const PROFILE = { "GET /api/profile": () => json(200, { success: true, user: ADA }) };
const list = () => screen.findByRole("list", { name: "Activity" });
const happened = (events: readonly object[]) => () => json(200, { success: true, events });

describe("ActivityList", () => {
  it("tells in words what happened, by whom and from where", async () => {
    haveSession();
    serve({ ...PROFILE, [LIST]: happened(EVENTS) });
    renderApp(<ActivityList />);

    const items = within(await list()).getAllByRole("listitem");
    expect(items.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^Plan changed.*pro.*done by whoever runs the service$/),
      expect.stringMatching(/^Logged in.*from network 203\.0\.113\.0\/24$/),
      expect.stringMatching(/^some day added/),
    ]);
    await expectAccessible();
  });

  it("does not show what only the service understands", async () => {
    haveSession();
    const events = [{ ...EVENTS[1], event: "api_token_created", detail: "q3J4Yl9z" }];
    serve({ ...PROFILE, [LIST]: happened(events) });
    renderApp(<ActivityList />);

    expect(await list()).toHaveTextContent(/^API token created/);
    expect(await list()).not.toHaveTextContent("q3J4Yl9z");
  });

  it("shows the newest, and all of them on request", async () => {
    haveSession();
    const events = Array.from({ length: 25 }, () => EVENTS[1] ?? {});
    serve({ ...PROFILE, [LIST]: happened(events) });
    renderApp(<ActivityList shownFirst={4} />);
    expect(within(await list()).getAllByRole("listitem")).toHaveLength(4);

    await userEvent.click(screen.getByRole("button", { name: "Show all" }));

    expect(within(await list()).getAllByRole("listitem")).toHaveLength(25);
    expect(screen.getByRole("region", { name: "Activity" })).toHaveFocus();
    expect(screen.queryByRole("button")).not.toBeInTheDocument();
    await expectAccessible();
  });

  it("says that there is nothing, and why it cannot be told", async () => {
    haveSession();
    let answer = () => failure(400, "Out of order");
    serve({ ...PROFILE, [LIST]: () => answer() });
    renderApp(<ActivityList />);
    expect(await screen.findByText("Out of order")).toBeInTheDocument();

    answer = happened([]);
    await userEvent.click(screen.getByRole("button", { name: "Try again Activity" }));

    expect(await screen.findByText("There is nothing to show yet.")).toBeInTheDocument();
  });

  it("shows a time that is none as it came", async () => {
    haveSession();
    serve({ ...PROFILE, [LIST]: happened([{ ...EVENTS[1], at: "some day" }]) });
    renderApp(<ActivityList />);

    expect(await list()).toHaveTextContent("some day");
  });
});
