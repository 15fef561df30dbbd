import { cleanup, render } from "@testing-library/react";
import fc from "fast-check";
import { Fragment, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { useLinkToken } from "./use-link-token.js";

function Shown() {
  const token = useLinkToken();
  return <p>{token ?? "unknown"}</p>;
}

it("takes any token whole, and leaves it nowhere in the address", () => {
  const token = fc.stringMatching(/^[A-Za-z0-9_-]{43}\.[0-9a-f-]{36}$/);
  const search = fc.constantFrom("", "?a=b", "?next=%2F%23x");
  fc.assert(
    fc.property(token, search, fc.boolean(), (secret, query, strict) => {
      cleanup();
      history.replaceState({ of: "the router" }, "", `/reset-password${query}#${secret}`);

      const Mode = strict ? StrictMode : Fragment;
      const { container } = render(
        <Mode>
          <Shown />
        </Mode>,
      );

      expect(container).toHaveTextContent(secret);
      expect(location.pathname + location.search + location.hash).toBe(`/reset-password${query}`);
      expect(history.state).toEqual({ of: "the router" });
    }),
    { numRuns: 100 },
  );
});

it("adds nothing to the history, so that going back does not bring the token up", () => {
  const before = history.length;
  history.replaceState(null, "", "/verify-email#secret");

  render(<Shown />);

  expect(history.length).toBe(before);
});

it("is not known on a server", () => {
  expect(renderToString(<Shown />)).toBe("<p>unknown</p>");
});
