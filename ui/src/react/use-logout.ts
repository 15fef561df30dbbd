"use client";

import type { LogoutResponse } from "../client/types.js";
import { useWicketgate } from "./context.js";
import { type Action, useAction } from "./use-action.js";
import { useRedirect } from "./use-redirect.js";

export interface UseLogoutOptions {
  onLogout?: (() => void) | undefined;
  /** Default: the login page. */
  redirectTo?: string | undefined;
}

/** Logging out here, in the other tabs and at the service. */
export function useLogout({ onLogout, redirectTo }: UseLogoutOptions = {}): Action<void, LogoutResponse> {
  const { client, session, gate, loginPath } = useWicketgate();
  const redirect = useRedirect(redirectTo ?? loginPath);

  return useAction<void, LogoutResponse>({
    call: () => client.logout(),
    onSuccess: () => {
      // Held before the session is forgotten: who asks for it would be sent to log in with the way back here.
      gate.hold();
      session.ended();
      onLogout?.();
      return redirect();
    },
  });
}
