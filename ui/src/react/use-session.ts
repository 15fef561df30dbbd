"use client";

import { useEffect, useInsertionEffect, useSyncExternalStore } from "react";
import type { ApiError } from "../client/errors.js";
import { type SessionSnapshot, UNKNOWN } from "../client/session.js";
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

const isNobody = ({ data, isPending, error }: SessionSnapshot) => !data && !isPending && !error;

/** Who is signed in. Follows logins and logouts in this page, in other tabs and, on focus, elsewhere. */
export function useSession({ required = false }: UseSessionOptions = {}): UseSession {
  const { session, gate } = useWicketgate();
  const snapshot = useSyncExternalStore(session.subscribe, session.get, () => UNKNOWN);
  const nobody = isNobody(snapshot);

  // A page that is opened after a redirect may redirect again; the one that is being left may not. Of the effects the
  // earliest, so that several components of one page still redirect once.
  useInsertionEffect(() => {
    if (required) gate.reset();
  }, [required, gate]);

  useEffect(() => {
    if (required && nobody) gate.send();
  }, [required, nobody, gate]);

  useEffect(() => {
    if (!required) return;
    // The browser's cache brings a page back as it was left, perhaps while it was redirecting.
    const shown = async (event: PageTransitionEvent) => {
      if (!event.persisted) return;
      gate.reset();
      await session.refetch();
      if (isNobody(session.get())) gate.send();
    };
    addEventListener("pageshow", shown);
    return () => removeEventListener("pageshow", shown);
  }, [required, gate, session]);

  const { data, isPending, error } = snapshot;
  return { data, isPending, error, refetch: session.refetch };
}
