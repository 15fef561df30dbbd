"use client";

import type { LogoutResponse } from "../client/types.js";
import { useWicketgate } from "./context.js";
import { type Action, useAction } from "./use-action.js";
import { type LeaveOptions, useLeave } from "./use-leave.js";

export interface UseLogoutOptions extends LeaveOptions {
  onLogout?: (() => void) | undefined;
}

/** Logging out here, in the other tabs and at the service. */
export function useLogout({ onLogout, redirectTo }: UseLogoutOptions = {}): Action<void, LogoutResponse> {
  const { client } = useWicketgate();
  const leave = useLeave({ redirectTo });
  return useAction<void, LogoutResponse>({ call: () => client.logout(), onSuccess: () => leave(onLogout) });
}
