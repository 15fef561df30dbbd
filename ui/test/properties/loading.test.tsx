import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { ADA } from "../service.js";
import { FAULTS, fault, indicators, isTransient, NAMES, operationNamed, pass, start } from "./operations.js";

const WORKING = { spinner: true, locked: true, announced: true };
const IDLE = { spinner: false, locked: false, announced: false };

// Feature: user-authentication, Property 19: For any authentication operation in progress (login, logout, profile update), the UI should display a loading indicator until the operation completes.
test("Property 19: Async operations show loading states", async () => {
  vi.useFakeTimers();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...NAMES),
      fc.constantFrom("success" as const, ...FAULTS),
      fc.integer({ min: 1, max: 12_000 }),
      fc.integer({ min: 2, max: 6 }),
      async (name, outcome, delay, looks) => {
        const operation = operationNamed(name);
        const answer = () => (outcome === "success" ? operation.success(ADA) : fault(outcome));
        const { container, answered } = await start(operation, delay, answer);
        const attempts = isTransient(outcome) ? operation.attempts : 1;

        // Looked at again and again until the last answer, which for a repeated request is not the first.
        let rounds = 0;
        while (answered() < attempts) {
          expect(indicators(container)).toEqual(WORKING);
          await pass(Math.ceil(delay / looks));
          rounds += 1;
          if (rounds > 10_000) throw new Error("never answered");
        }

        expect(answered()).toBe(attempts);
        expect(indicators(container)).toEqual(IDLE);
      },
    ),
    { numRuns: 150 },
  );
}, 120_000);
