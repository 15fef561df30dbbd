"use client";

import { useState } from "react";
import { endSession, listSessions } from "../client/account.js";
import type { Done, ListedSession } from "../client/account-types.js";
import { useWicketgate } from "./context.js";
import { type Action, useAction } from "./use-action.js";
import { type Listing, useListing } from "./use-listing.js";

export interface UseSessions extends Listing<ListedSession> {
  /** Ends one, by its id. */
  end: Action<string, Done>;
  /** The id of the session that is being ended, or was ended last. */
  endedId: string | null;
}

/** Where the account is signed in, without markup. The service must keep a list: SESSION_LIST=true. */
export function useSessions(): UseSessions {
  const { client } = useWicketgate();
  const listing = useListing(async () => (await listSessions(client)).sessions);
  const [endedId, setEndedId] = useState<string | null>(null);
  const end = useAction<string, Done>({
    needsSession: true,
    async call(id) {
      setEndedId(id);
      const done = await endSession(client, { id });
      listing.change((sessions) => sessions.filter((session) => session.id !== id));
      return done;
    },
  });
  return { ...listing, end, endedId };
}
