// @vitest-environment node
import { expect, it } from "vitest";
import { measureScript, measureStyles } from "../scripts/measure.mjs";

it("weighs less than 20 kB with everything in it, and is really there", async () => {
  const weight = (await measureScript()) + (await measureStyles());

  expect(weight).toBeLessThan(20_000);
  expect(weight).toBeGreaterThan(5_000);
}, 60_000);

it("costs an application only what it uses", async () => {
  const [all, login, client] = await Promise.all([
    measureScript(),
    measureScript(["LoginForm"]),
    measureScript(["createClient"]),
  ]);

  expect(login).toBeLessThan(all * 0.85);
  expect(client).toBeLessThan(all * 0.3);
}, 60_000);
