import type { Client } from "./client.js";
import { ApiError } from "./errors.js";
import { openTabs, type TabMessage, type Tabs } from "./tabs.js";
import type { User } from "./types.js";

export interface SessionSnapshot {
  /** Who is signed in; null while unknown and when nobody is. */
  data: { user: User } | null;
  /** True until the first answer. */
  isPending: boolean;
  /** Why the service could not be asked. "Nobody is signed in" is an answer, not an error. */
  error: ApiError | null;
  /** The API token, if a login brought it or it was asked for since this page was loaded. Kept in memory only. */
  apiToken: string | null;
}

export interface Session {
  get(): SessionSnapshot;
  subscribe(listener: () => void): () => void;
  refetch(): Promise<void>;
  /** A login succeeded here. */
  began(user: User, apiToken: string | null): void;
  /** The profile was changed here. The answer may come after its owner has left, and then brings nobody back. */
  changed(user: User): void;
  /** A logout: whatever was private is forgotten at once, in every tab. */
  ended(): void;
  /** A call was answered 401. Another tab may have logged in again meanwhile, so the others only ask. */
  lost(): void;
  /**
   * Returns what takes the API token that is being asked for, unless it is somebody else's or an old one by then.
   * With `isNew`, the other tabs drop theirs: it is dead.
   */
  expectApiToken(isNew: boolean): (apiToken: string) => void;
}

export const UNKNOWN: SessionSnapshot = { data: null, isPending: true, error: null, apiToken: null };
const NOBODY: SessionSnapshot = { ...UNKNOWN, isPending: false };
/** Focus comes and goes quickly; nothing is gained by asking each time. */
const FRESH_MS = 2000;

/** One page's view of the session, shared with the other tabs. Without subscribers it listens to nothing. */
export function createSession(client: Client, name = ""): Session {
  const listeners = new Set<() => void>();
  let snapshot = UNKNOWN;
  let askedAt = 0;
  let asking: Promise<void> | null = null;
  // Counts what happened here, so that an answer to an older question is not believed.
  let age = 0;
  // Counts what makes an API token that is under way one to be thrown away.
  let tokenAge = 0;
  let unwatch: (() => void) | null = null;
  const tabs: Tabs = openTabs(`wicketgate:${name}`);

  function set(next: SessionSnapshot) {
    const left = snapshot.data !== null && snapshot.data.user.id !== next.data?.user.id;
    if (left || next === NOBODY) tokenAge += 1;
    snapshot = next;
    for (const listener of listeners) listener();
  }

  function settle(next: SessionSnapshot, message: TabMessage | null) {
    age += 1;
    asking = null;
    set(next);
    if (message) tabs.tell(message);
  }

  function learned(user: User) {
    const same = snapshot.data?.user.id === user.id;
    set({ data: { user }, isPending: false, error: null, apiToken: same ? snapshot.apiToken : null });
  }

  async function ask() {
    const asked = age;
    askedAt = Date.now();
    try {
      // Before anything is awaited, so that a page brought back after a logout is not seen for even a moment.
      if (!client.mayHaveSession()) return set(NOBODY);
      const { user } = await client.profile();
      if (asked === age) learned(user);
    } catch (error) {
      if (asked !== age) return;
      if (error instanceof ApiError && error.status === 401) return settle(NOBODY, null);
      set({ ...snapshot, isPending: false, error: asApiError(error) });
    }
  }

  function refetch(): Promise<void> {
    if (asking) return asking;
    const question = ask().finally(() => {
      if (asking === question) asking = null;
    });
    asking = question;
    return question;
  }

  function dropApiToken() {
    tokenAge += 1;
    set({ ...snapshot, apiToken: null });
  }

  function heard(message: TabMessage) {
    if (message === "ended") return settle(NOBODY, null);
    if (message === "token") return dropApiToken();
    // Another tab may have signed in as somebody else: an answer under way may be about the one before.
    if (snapshot.data === null) tokenAge += 1;
    age += 1;
    asking = null;
    void refetch();
  }

  function returned() {
    if (document.visibilityState === "visible" && Date.now() - askedAt > FRESH_MS) void refetch();
  }

  function shown(event: PageTransitionEvent) {
    if (!event.persisted) return;
    // Back from the browser's cache, exactly as it was left, perhaps by someone who has logged out since.
    age += 1;
    asking = null;
    void refetch();
  }

  function watch(): () => void {
    const stopHearing = tabs.listen(heard);
    addEventListener("focus", returned);
    addEventListener("pageshow", shown);
    document.addEventListener("visibilitychange", returned);
    return () => {
      stopHearing();
      removeEventListener("focus", returned);
      removeEventListener("pageshow", shown);
      document.removeEventListener("visibilitychange", returned);
    };
  }

  return {
    get: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      unwatch ??= watch();
      if (snapshot.isPending) void refetch();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        unwatch?.();
        unwatch = null;
      };
    },
    refetch,
    began: (user, apiToken) => settle({ data: { user }, isPending: false, error: null, apiToken }, "changed"),
    changed(user) {
      if (snapshot.data?.user.id === user.id) settle({ ...snapshot, data: { user }, error: null }, null);
      tabs.tell("changed");
    },
    ended: () => settle(NOBODY, "ended"),
    lost: () => settle(NOBODY, "changed"),
    expectApiToken(isNew) {
      const asked = tokenAge;
      return (apiToken) => {
        if (isNew) tabs.tell("token");
        if (asked === tokenAge) set({ ...snapshot, apiToken });
      };
    },
  };
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(String(error), { status: 0, cause: error });
}
