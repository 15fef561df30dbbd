// @vitest-environment node
import { expect, it } from "vitest";
import { measureScript, measureStyles } from "../scripts/measure.mjs";

// Each form of an account's whole life, from signing up to leaving, with lists and links in mails; nobody uses all
// of them on one page, and what is not used is not carried (below).
it("weighs less than 21 kB with everything in it, and is really there", async () => {
  const weight = (await measureScript()) + (await measureStyles());

  expect(weight).toBeLessThan(21_000);
  expect(weight).toBeGreaterThan(5_000);
}, 60_000);

it("costs an application only what it uses", async () => {
  const [all, login, client] = await Promise.all([
    measureScript(),
    measureScript(["LoginForm"]),
    measureScript(["createClient"]),
  ]);

  expect(login).toBeLessThan(all * 0.45);
  expect(client).toBeLessThan(all * 0.15);
}, 60_000);

it.each([
  ["LoginForm", 7_200],
  ["useSession", 4_000],
  ["createClient", 2100],
])(
  "costs an application with %s alone less than %d bytes",
  async (name, limit) => {
    expect(await measureScript([name])).toBeLessThan(limit);
  },
  60_000,
);
