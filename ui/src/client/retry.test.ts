import { describe, expect, it } from "vitest";
import { DEFAULT_RETRY, parseRetryAfter, retryDelay } from "./retry.js";

const NOW = Date.parse("2025-03-14T09:26:53.500Z");
const policy = { retries: 3, baseMs: 100, maxMs: 1000 };

describe("parseRetryAfter", () => {
  it.each([
    ["0", 0],
    ["120", 120],
    [" 7 ", 7],
    ["Fri, 14 Mar 2025 09:27:00 GMT", 7],
    ["Fri, 14 Mar 2025 09:00:00 GMT", 0],
    [null, null],
    ["", null],
    ["-1", null],
    ["1.5", null],
    ["soon", null],
    ["99999999999", null],
  ])("reads %j", (header, seconds) => {
    expect(parseRetryAfter(header, NOW)).toBe(seconds);
  });
});

describe("retryDelay", () => {
  it("doubles up to the longest wait, at least half of each fixed", () => {
    expect([0, 1, 2].map((attempt) => retryDelay(attempt, null, policy, () => 0))).toEqual([50, 100, 200]);
    expect([0, 1, 2].map((attempt) => retryDelay(attempt, null, policy, () => 1))).toEqual([100, 200, 400]);
    expect(retryDelay(8, null, { ...policy, retries: 9 }, () => 1)).toBe(1000);
  });

  it("gives up after the last attempt", () => {
    expect(retryDelay(3, null, policy)).toBeNull();
  });

  it("waits as long as the service asks, or gives up if that is too long", () => {
    expect(retryDelay(0, 1, policy, () => 0)).toBe(1000);
    expect(retryDelay(0, 2, policy, () => 0)).toBeNull();
  });

  it("has a standard policy that ends within seconds", () => {
    const waits = [0, 1, 2, 3].map((attempt) => retryDelay(attempt, null, DEFAULT_RETRY, () => 1));
    expect(waits).toEqual([300, 600, null, null]);
  });
});
