"use client";

import { useEffect, useSyncExternalStore } from "react";
import type { ApiError } from "../client/errors.js";
import { UNKNOWN } from "../client/session.js";
import type { User } from "../client/types.js";
import { useWicketgate } from "./context.js";

export interface UseSessionOptions {
  /** Send people who are not signed in to the login page, with the way back. */
  required?: boolean;
}

export interface UseSession {
  data: { user: User } | null;
  isPending: boolean;
  error: ApiError | null;
  refetch: () => Promise<void>;
}

/** Who is signed in. Follows logins and logouts in this page, in other tabs and, on focus, elsewhere. */
export function useSession({ required = false }: UseSessionOptions = {}): UseSession {
  const { session, gate } = useWicketgate();
  const { data, isPending, error } = useSyncExternalStore(session.subscribe, session.get, () => UNKNOWN);
  const nobody = !data && !isPending && !error;

  useEffect(() => {
    if (required && nobody) gate.send();
  }, [required, nobody, gate]);

  return { data, isPending, error, refetch: session.refetch };
}
