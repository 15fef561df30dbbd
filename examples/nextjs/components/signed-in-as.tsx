"use client";

import { type User, useSession } from "@wicketgate/react";
import { type ReactNode, useEffect } from "react";

/**
 * What the server rendered for `user`, shown for as long as that is who is signed in. It is gone at once after a
 * logout in another tab, and in a page that the back button brings from the browser's or the router's cache.
 */
export function SignedInAs({ user, children }: { user: User; children: ReactNode }) {
  const { data, isPending, error } = useSession({ required: true });
  const somebodyElse = data !== null && data.user.id !== user.id;

  useEffect(() => {
    if (somebodyElse) location.reload();
  }, [somebodyElse]);

  const nobody = data === null && !isPending && error === null;
  return nobody || somebodyElse ? null : children;
}
