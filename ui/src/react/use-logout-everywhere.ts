"use client";

import { logoutEverywhere } from "../client/account.js";
import type { Done } from "../client/account-types.js";
import { useWicketgate } from "./context.js";
import { type Action, useAction } from "./use-action.js";
import { useLeave } from "./use-leave.js";
import type { UseLogoutOptions } from "./use-logout.js";

/** Ending every session at once, this one included. API tokens go on. */
export function useLogoutEverywhere({ onLogout, redirectTo }: UseLogoutOptions = {}): Action<void, Done> {
  const { client } = useWicketgate();
  const leave = useLeave({ redirectTo });
  return useAction<void, Done>({
    call: () => logoutEverywhere(client),
    needsSession: true,
    onSuccess: () => leave(onLogout),
  });
}
