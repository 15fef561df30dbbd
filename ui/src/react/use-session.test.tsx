import { act, screen, waitFor } from "@testing-library/react";
import type { ReactElement } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { renderApp } from "../../test/app.js";
import { ADA, dead, failure, haveSession, json, serve } from "../../test/service.js";
import { createClient, LoginForm, useSession, WicketgateProvider } from "../index.js";

const GET = "GET /api/profile";
const profile = () => json(200, { success: true, user: ADA });

function Greeting({ required = false }) {
  const { data, isPending, error, refetch } = useSession({ required });
  if (isPending) return <p>…</p>;
  return (
    <>
      <p>{data ? `Hello ${data.user.name}` : error ? error.message : "Hello stranger"}</p>
      <button type="button" onClick={() => void refetch()}>
        again
      </button>
    </>
  );
}

describe("useSession", () => {
  it("says who is signed in", async () => {
    haveSession();
    serve({ [GET]: profile });
    renderApp(<Greeting />);

    expect(screen.getByText("…")).toBeInTheDocument();
    expect(await screen.findByText("Hello Ada")).toBeInTheDocument();
  });

  it("sends nobody away unless a session is required", async () => {
    haveSession();
    serve({ [GET]: dead });
    const { navigate } = renderApp(<Greeting />);

    expect(await screen.findByText("Hello stranger")).toBeInTheDocument();
    expect(navigate).not.toHaveBeenCalled();
  });

  it("sends to the login page once, with the way back, and asks no second time", async () => {
    haveSession();
    history.replaceState(null, "", "/orders?page=2");
    const { calls } = serve({ [GET]: dead });
    const { navigate } = renderApp(
      <>
        <Greeting required />
        <Greeting required />
      </>,
      { loginPath: "/enter" },
    );

    await waitFor(() => expect(navigate).toHaveBeenCalled());
    await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
    expect(navigate).toHaveBeenCalledExactlyOnceWith("/enter?next=%2Forders%3Fpage%3D2");
    expect(calls).toHaveLength(1);
  });

  it("sends away again from the next page that requires a session, and from the same one opened again", async () => {
    const { calls } = serve({});
    const { navigate, rerender } = renderApp(<Greeting key="one" required />);
    await waitFor(() => expect(navigate).toHaveBeenCalledTimes(1));
    const open = (pages: ReactElement) =>
      rerender(<WicketgateProvider navigate={navigate}>{pages}</WicketgateProvider>);

    open(<p>Public</p>);
    open(
      <>
        <Greeting key="one" required />
        <Greeting key="two" required />
      </>,
    );

    await waitFor(() => expect(navigate).toHaveBeenCalledTimes(2));
    await act(() => new Promise((resolve) => setTimeout(resolve, 20)));
    expect(navigate).toHaveBeenCalledTimes(2);
    expect(calls).toEqual([]);
  });

  it.each([
    ["sends away again", dead, 2],
    ["lets whoever has logged in elsewhere stay", profile, 1],
  ])("%s when the browser's cache brings the page back", async (_, answer, redirects) => {
    haveSession();
    let handler = dead;
    serve({ [GET]: () => handler() });
    const { navigate } = renderApp(<Greeting required />);
    await waitFor(() => expect(navigate).toHaveBeenCalledTimes(1));

    handler = answer;
    act(() => void dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await act(() => new Promise((resolve) => setTimeout(resolve, 50)));

    expect(navigate).toHaveBeenCalledTimes(redirects);
  });

  it("sends away also when another tab logs out", async () => {
    haveSession();
    serve({ [GET]: profile });
    const { navigate } = renderApp(<Greeting required />);
    await screen.findByText("Hello Ada");
    const other = new BroadcastChannel("wicketgate:");

    other.postMessage("ended");

    await waitFor(() => expect(navigate).toHaveBeenCalledExactlyOnceWith("/login?next=%2F"));
    expect(screen.queryByText("Hello Ada")).not.toBeInTheDocument();
    other.close();
  });

  it("keeps apart a service that is down and a person who is not signed in", async () => {
    haveSession();
    let answer = () => failure(503, "An error occurred, please try again");
    serve({ [GET]: () => answer() });
    const client = createClient({ retry: { retries: 0 } });
    const { navigate } = renderApp(<Greeting required />, { client });
    expect(await screen.findByText("An error occurred, please try again")).toBeInTheDocument();
    expect(navigate).not.toHaveBeenCalled();

    answer = profile;
    act(() => screen.getByRole("button").click());

    expect(await screen.findByText("Hello Ada")).toBeInTheDocument();
  });

  it("renders on a server without asking anybody", () => {
    haveSession();
    const { calls } = serve({ [GET]: profile });

    const html = renderToString(
      <WicketgateProvider>
        <Greeting required />
        <LoginForm />
      </WicketgateProvider>,
    );

    expect(html).toContain("…");
    expect(html).toMatch(/autocomplete="current-password"/i);
    expect(calls).toEqual([]);
  });
});
