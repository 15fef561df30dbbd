import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loginAddress, safeNext } from "./next.js";

const ORIGIN = "https://here.example";

describe("safeNext", () => {
  it.each([
    "/",
    "/profile",
    "/a/b?c=d&e=%2F%2Fevil.example#f",
    "/?next=https://evil.example",
    "/ünïcödé",
    "/a//b",
  ])("follows %j", (path) => {
    expect(safeNext(path, "/")).toBe(path);
  });

  it.each([
    "",
    "profile",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/a\\b",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    " /profile",
    "/ /evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e//evil.example",
    "https://evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\u0000",
    "/\u0085",
    `/${"a".repeat(2048)}`,
  ])("refuses %j", (value) => {
    expect(safeNext(value, "/home")).toBe("/home");
  });

  it("takes nothing for nothing", () => {
    expect(safeNext(null, null)).toBeNull();
    expect(safeNext(undefined, "/")).toBe("/");
  });

  it("lets nothing through that a browser would take elsewhere", () => {
    const pieces = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "%2e",
      "%2f",
      ":",
      "@",
      "\t",
      "\n",
      " ",
      "evil.example",
      "https:",
      "?",
      "#",
      "a",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const value = parts.join("");
        const result = safeNext(value, null);
        if (result === null) return;
        const url = new URL(result, `${ORIGIN}/login`);
        expect(url.origin).toBe(ORIGIN);
        expect(new URL(url.pathname, ORIGIN).origin).toBe(ORIGIN);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("loginAddress", () => {
  it("carries the way back", () => {
    expect(loginAddress("/login", "/orders?page=2#x")).toBe("/login?next=%2Forders%3Fpage%3D2%23x");
    expect(loginAddress("/enter?theme=dark", "/a")).toBe("/enter?theme=dark&next=%2Fa");
  });

  it("leaves out what leads elsewhere", () => {
    expect(loginAddress("/login", "//evil.example")).toBe("/login");
  });
});
