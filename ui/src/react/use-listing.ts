"use client";

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { UNKNOWN } from "../client/session.js";
import { translate, useWicketgate } from "./context.js";
import { useAction } from "./use-action.js";
import { useLatest } from "./use-latest.js";

export interface Listing<Item> {
  /** Null until they were loaded, and when nobody is signed in. */
  items: Item[] | null;
  isPending: boolean;
  error: string | null;
  /** Whole seconds until the service will look at another attempt; null when it asked for no wait. */
  retryIn: number | null;
  /** Nothing would be asked now. */
  isLocked: boolean;
  refetch: () => void;
  /** Shows other items, without asking: the answer to a change is known already. */
  change: (changed: (items: Item[]) => Item[]) => void;
}

type Loaded<Item> = { owner: string; items: Item[] };

/** A list that belongs to whoever is signed in. It is loaded anew when that is somebody else, and gone with them. */
export function useListing<Item>(load: () => Promise<Item[]>): Listing<Item> {
  const { session, texts } = useWicketgate();
  const { data, error, isPending } = useSyncExternalStore(session.subscribe, session.get, () => UNKNOWN);
  const owner = data?.user.id ?? null;
  const [loaded, setLoaded] = useState<Loaded<Item> | null>(null);
  const latest = useLatest(owner);
  const action = useAction<string, void>({
    needsSession: true,
    async call(asker) {
      const items = await load();
      // Somebody else may have signed in meanwhile.
      if (latest.current === asker) setLoaded({ owner: asker, items });
    },
  });
  const { run, reset } = action;

  const asked = useRef<string | null>(null);
  useEffect(() => {
    if (asked.current === owner) return;
    asked.current = owner;
    setLoaded(null);
    reset();
    if (owner !== null) void run(owner);
  }, [owner, run, reset]);

  const resume = useLatest(() => {
    if (owner !== null && loaded === null) void run(owner);
  });
  useEffect(() => {
    // The browser's cache brings a page back with its failures taken back (see useAction), so that nobody could retry.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) resume.current();
    };
    addEventListener("pageshow", shown);
    return () => removeEventListener("pageshow", shown);
  }, [resume]);

  const refetch = useCallback(
    () => void (owner === null ? session.refetch() : run(owner)),
    [owner, run, session],
  );
  const change = useCallback(
    (changed: (items: Item[]) => Item[]) => {
      // The change may have been asked for by whoever was signed in before.
      setLoaded((now) => (now?.owner === owner ? { ...now, items: changed(now.items) } : now));
    },
    [owner],
  );

  const unknown = data === null && error !== null ? translate(texts, error.message) : null;
  const problem = unknown ?? action.error;
  const items = loaded !== null && loaded.owner === owner ? loaded.items : null;
  return {
    items,
    isPending: isPending || action.isPending || (owner !== null && items === null && problem === null),
    error: problem,
    retryIn: action.retryIn,
    isLocked: action.isLocked,
    refetch,
    change,
  };
}
