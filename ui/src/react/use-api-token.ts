"use client";

import { useSyncExternalStore } from "react";
import type { RotateApiTokenResponse } from "../client/types.js";
import { useWicketgate } from "./context.js";
import { type Action, useAction } from "./use-action.js";

export interface UseApiToken extends Action<void, RotateApiTokenResponse> {
  /** The token, if it was handed over since this page was loaded. The service does not repeat it. */
  apiToken: string | null;
}

/** The API token and its replacement, without markup. `run()` makes a new one; the old one stops working. */
export function useApiToken(onRotate?: (apiToken: string) => void): UseApiToken {
  const { client, session } = useWicketgate();
  const read = () => session.get().apiToken;
  const apiToken = useSyncExternalStore(session.subscribe, read, () => null);
  const action = useAction<void, RotateApiTokenResponse>({
    call: () => client.rotateApiToken(),
    needsSession: true,
    onSuccess: ({ api_token }) => {
      session.holdApiToken(api_token);
      onRotate?.(api_token);
      return false;
    },
  });
  return { ...action, apiToken };
}
