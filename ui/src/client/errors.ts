import { parseRetryAfter } from "./retry.js";

/** What the service says when it has no more to say; also shown for answers that did not come from it. */
export const GENERIC_ERROR = "An error occurred, please try again";
export const RATE_LIMITED = "Too many requests, please try again later";
export const UNREACHABLE = "The server could not be reached. Check your connection and try again.";

/** What a login with the right password says before the address was confirmed. The answer is a 403. */
export const NOT_VERIFIED = "Please confirm your email address first; we have sent you a new link";

export type FieldErrors = Readonly<Record<string, string>>;

export interface ApiErrorDetails {
  /** HTTP status, or 0 when no answer arrived. */
  status: number;
  /** Problems by field name; empty when the error belongs to no field. */
  fields?: FieldErrors;
  /** Whole seconds after which another attempt makes sense. */
  retryAfter?: number | null;
  cause?: unknown;
}

/** A call that did not succeed: an error answer of the service, or no answer at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly fields: FieldErrors;
  readonly retryAfter: number | null;

  constructor(message: string, { status, fields = {}, retryAfter = null, cause }: ApiErrorDetails) {
    super(message, { cause });
    this.name = "ApiError";
    this.status = status;
    this.fields = fields;
    this.retryAfter = retryAfter;
  }

  get isNetwork(): boolean {
    return this.status === 0;
  }

  /** Nothing the caller sent was at fault; the same call may work a moment later. */
  get isTransient(): boolean {
    return this.status === 0 || (this.status >= 500 && this.status !== 501);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fallbackMessage = (status: number) => (status === 429 ? RATE_LIMITED : GENERIC_ERROR);

function fieldErrors(body: Record<string, unknown>, message: string): FieldErrors {
  // A null prototype: a field called "__proto__" must stay a plain key.
  const found: Record<string, string> = Object.create(null);
  if (typeof body.field === "string") found[body.field] = message;
  if (isRecord(body.errors)) {
    for (const [name, text] of Object.entries(body.errors)) {
      if (typeof text === "string") found[name] = text;
    }
  }
  return found;
}

/** Reads an error answer. A body that is not the service's own (a proxy's page) yields a generic text. */
export function errorFromResponse(response: Response, body: unknown): ApiError {
  const known = isRecord(body) ? body : {};
  const message =
    typeof known.error === "string" && known.error !== "" ? known.error : fallbackMessage(response.status);
  return new ApiError(message, {
    status: response.status,
    fields: fieldErrors(known, message),
    retryAfter: parseRetryAfter(response.headers.get("Retry-After"), Date.now()),
  });
}
