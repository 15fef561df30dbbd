"use client";

import { useCallback } from "react";
import { useWicketgate } from "./context.js";
import { useRedirect } from "./use-redirect.js";

export interface LeaveOptions {
  /** Default: the login page. */
  redirectTo?: string | undefined;
}

/** Returns the function that forgets the session in every tab and goes elsewhere. It says whether it did. */
export function useLeave({ redirectTo }: LeaveOptions): (left?: () => void) => boolean {
  const { session, gate, loginPath } = useWicketgate();
  const redirect = useRedirect(redirectTo ?? loginPath);
  return useCallback(
    (left) => {
      // Held before the session is forgotten: who asks for it would be sent to log in with the way back here.
      gate.hold();
      session.ended();
      left?.();
      return redirect();
    },
    [gate, session, redirect],
  );
}
