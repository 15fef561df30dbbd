"use client";

import { listActivity } from "../client/account.js";
import type { ActivityEvent } from "../client/account-types.js";
import { useWicketgate } from "./context.js";
import { type Listing, useListing } from "./use-listing.js";

/** What happened to the account, newest first, without markup. The service must keep it: AUDIT_DAYS over 0. */
export function useActivity(): Listing<ActivityEvent> {
  const { client } = useWicketgate();
  return useListing(async () => (await listActivity(client)).events);
}
