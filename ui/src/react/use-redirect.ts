"use client";

import { useCallback } from "react";
import { safeNext } from "../client/next.js";
import { useWicketgate } from "./context.js";

/**
 * Returns the function that leaves for `redirectTo` and says whether it did. Only paths on this site are
 * followed, since `redirectTo` is often copied from an address; go elsewhere in `onSuccess`.
 */
export function useRedirect(redirectTo: string | undefined): () => boolean {
  const { navigate } = useWicketgate();
  return useCallback(() => {
    const target = safeNext(redirectTo, null);
    if (target === null) return false;
    navigate(target);
    return true;
  }, [navigate, redirectTo]);
}

/** The `next` in the address, which counts on the login page only, where a dead session left it. */
export function nextFromAddress(loginPath: string): string | null {
  const [pathname] = loginPath.split("?");
  if (typeof location === "undefined" || location.pathname !== pathname) return null;
  return safeNext(new URLSearchParams(location.search).get("next"), null);
}
