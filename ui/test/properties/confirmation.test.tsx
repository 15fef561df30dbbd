import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { User } from "../../src/index.js";
import { ADA } from "../service.js";
import { confirmations, FAULTS, fault, NAMES, operationNamed, pass, start } from "./operations.js";

const users: fc.Arbitrary<User> = fc.record({
  id: fc.uuid(),
  email: fc.emailAddress(),
  name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 }),
  bio: fc.option(fc.string({ unit: "grapheme", maxLength: 500 }), { nil: undefined }),
  plan: fc.constantFrom("free", "pro"),
  createdAt: fc.constant(ADA.createdAt),
  lastModified: fc.constant(ADA.lastModified),
});

// Feature: user-authentication, Property 20: For any successful state-changing operation (login, profile update), the UI should display a success message confirming the action.
test("Property 20: Successful operations provide confirmation", async () => {
  vi.useFakeTimers();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...NAMES),
      users,
      fc.integer({ min: 1, max: 12_000 }),
      fc.option(fc.constantFrom(...FAULTS), { nil: null }),
      async (name, user, delay, failsWith) => {
        const operation = operationNamed(name);
        const answer = () => (failsWith === null ? operation.success(user) : fault(failsWith));
        const { container } = await start(operation, delay, answer);
        expect(confirmations(container)).toEqual([]);

        await pass(delay - 1);
        expect(confirmations(container)).toEqual([]);
        await pass(1);

        // And nothing is confirmed that did not happen.
        expect(confirmations(container)).toHaveLength(failsWith === null && operation.changes ? 1 : 0);
      },
    ),
    { numRuns: 200 },
  );
}, 120_000);
