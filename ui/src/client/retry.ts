export interface RetryPolicy {
  /** How many times a repeatable call is sent again after the first. */
  retries: number;
  /** Wait before the first repetition, in milliseconds; doubles each time. */
  baseMs: number;
  /** No single wait is longer. A `Retry-After` beyond it ends the attempts instead. */
  maxMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { retries: 2, baseMs: 300, maxMs: 5000 };

/** Whole seconds from a `Retry-After` header (RFC 9110, 10.2.3: seconds or a date); null if it says nothing. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const value = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const at = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

/**
 * Milliseconds before the next attempt, or null to give up. Half of the wait is random, so that the
 * browsers that failed together do not come back together.
 */
export function retryDelay(
  attempt: number,
  retryAfter: number | null,
  policy: RetryPolicy,
  random: () => number = Math.random,
): number | null {
  if (attempt >= policy.retries) return null;
  const asked = (retryAfter ?? 0) * 1000;
  if (asked > policy.maxMs) return null;
  const ceiling = Math.min(policy.maxMs, policy.baseMs * 2 ** attempt);
  return Math.max(asked, ceiling / 2 + (random() * ceiling) / 2);
}
