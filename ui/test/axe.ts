import axe from "axe-core";
import { expect } from "vitest";

/** Fails with what axe finds. Colours are left to a real browser: jsdom has no layout. */
export async function expectAccessible(element: Element = document.body): Promise<void> {
  const { violations, passes } = await axe.run(element, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  expect(found).toEqual([]);
  // axe that looked at nothing finds nothing.
  expect(passes.length).toBeGreaterThan(0);
}
