"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, type FieldErrors, GENERIC_ERROR } from "../client/errors.js";
import { translate, useWicketgate } from "./context.js";
import { useCountdown } from "./use-countdown.js";
import { useLatest } from "./use-latest.js";

type State<Output> =
  | { status: "idle" | "pending" }
  | { status: "success"; data: Output; leaving: boolean }
  | { status: "error"; error: ApiError; retryAt: number | null; ended: boolean };

export interface ActionOptions<Input, Output> {
  call: (input: Input) => Promise<Output>;
  /** Returns true when it has sent the person elsewhere: the action then stays locked. */
  onSuccess?: (output: Output) => boolean;
  onError?: (error: ApiError) => void;
  /** A 401 means that the session is dead: forget it and go to the login page. */
  needsSession?: boolean;
}

export interface Action<Input, Output> {
  /**
   * Sends the request, unless one is under way or a wait is not over. Resolves to null if it did not succeed, or if
   * `reset` was called meanwhile.
   */
  run: (input: Input) => Promise<Output | null>;
  /** As at the start. The answer to a request that is under way is ignored. */
  reset: () => void;
  isPending: boolean;
  isSuccess: boolean;
  /** Nothing would be sent now: a request is under way, a wait is not over, or the page is being left. */
  isLocked: boolean;
  data: Output | null;
  /** What went wrong, ready to be shown. */
  error: string | null;
  /** The same as the client told it; null without an error. */
  cause: ApiError | null;
  /** The same by field. */
  fieldErrors: FieldErrors;
  /** Whole seconds until the service will look at another attempt; null when it asked for no wait. */
  retryIn: number | null;
}

const NO_FIELDS: FieldErrors = {};
const asApiError = (thrown: unknown) =>
  thrown instanceof ApiError ? thrown : new ApiError(GENERIC_ERROR, { status: 0, cause: thrown });

/** One request at a time, with everything a form or a button needs to show about it. */
export function useAction<Input, Output>(options: ActionOptions<Input, Output>): Action<Input, Output> {
  const { session, gate, texts } = useWicketgate();
  const [state, setState] = useState<State<Output>>({ status: "idle" });
  const retryAt = state.status === "error" ? state.retryAt : null;
  const left = useCountdown(retryAt);
  const latest = useLatest(options);
  // State reaches the next render only; the second click of a double click comes before it.
  const lockedUntil = useRef(0);
  // Counts requests and resets, so that the answer to an older request is not taken for this one's.
  const generation = useRef(0);

  const reset = useCallback(() => {
    generation.current += 1;
    lockedUntil.current = 0;
    setState({ status: "idle" });
  }, []);

  const succeed = useCallback(
    (data: Output) => {
      const leaving = latest.current.onSuccess?.(data) ?? false;
      if (!leaving) lockedUntil.current = 0;
      setState({ status: "success", data, leaving });
    },
    [latest],
  );

  const fail = useCallback(
    (thrown: unknown) => {
      const error = asApiError(thrown);
      const retryAt = error.retryAfter ? Date.now() + error.retryAfter * 1000 : null;
      const ended = error.status === 401 && latest.current.needsSession === true;
      lockedUntil.current = retryAt ?? 0;
      setState({ status: "error", error, retryAt, ended });
      latest.current.onError?.(error);
      if (!ended) return;
      session.lost();
      gate.send();
    },
    [latest, session, gate],
  );

  const run = useCallback(
    async (input: Input) => {
      if (Date.now() < lockedUntil.current) return null;
      lockedUntil.current = Number.POSITIVE_INFINITY;
      generation.current += 1;
      const mine = generation.current;
      setState({ status: "pending" });
      let data: Output;
      try {
        data = await latest.current.call(input);
      } catch (error) {
        if (mine === generation.current) fail(error);
        return null;
      }
      if (mine !== generation.current) return null;
      succeed(data);
      return data;
    },
    [latest, succeed, fail],
  );

  useEffect(() => {
    // The browser's cache brings a page back as it was left: locked, and saying that something has just worked.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) reset();
    };
    addEventListener("pageshow", shown);
    return () => removeEventListener("pageshow", shown);
  }, [reset]);

  const failure = state.status === "error" ? state : null;
  const success = state.status === "success" ? state : null;
  return {
    run,
    reset,
    isPending: state.status === "pending",
    isSuccess: success !== null,
    isLocked: state.status === "pending" || left > 0 || success?.leaving === true,
    data: success ? success.data : null,
    error: failure && (failure.ended ? texts.sessionEnded : translate(texts, failure.error.message)),
    cause: failure ? failure.error : null,
    fieldErrors: failure ? failure.error.fields : NO_FIELDS,
    retryIn: retryAt === null ? null : left,
  };
}
