"use client";

import { useWicketgate } from "../../react/context.js";
import { usePartClass } from "../../react/parts.js";

export interface MessagesProps {
  error: string | null;
  retryIn: number | null;
  /** Confirmation of what has just succeeded. */
  success: string | null;
  /** What is going on, or has come into view, for those who do not see it. */
  busy: string | null;
}

/** What a request has to say. Both regions are always in the page: only then is what changes in them read out. */
export function Messages({ error, retryIn, success, busy }: MessagesProps) {
  const { texts } = useWicketgate();
  const part = usePartClass();
  return (
    <>
      <div className={part("wg-alert", "alert")}>
        <div role="alert">{error && <p>{error}</p>}</div>
        {/* A timer can be read but is not read out: nobody wants to hear every second of it. */}
        {retryIn !== null && retryIn > 0 && (
          <p role="timer" className="wg-timer">
            {texts.retryIn(retryIn)}
          </p>
        )}
      </div>
      <div role="status" className={part("wg-status", "status")}>
        {success && <p>{success}</p>}
        {busy && <p className="wg-hidden">{busy}</p>}
        {retryIn === 0 && <p>{texts.retryNow}</p>}
      </div>
    </>
  );
}
