"use client";

import { useState, useSyncExternalStore } from "react";
import { useWicketgate } from "./context.js";
import { type Action, useAction } from "./use-action.js";

type Wish = "show" | "rotate";
type Got = { apiToken: string; isNew: boolean };

export interface UseApiToken
  extends Pick<Action<Wish, Got>, "reset" | "isPending" | "isLocked" | "error" | "retryIn"> {
  /** The token, once this page knows it: asked for by `show()`, new, or brought by a login. */
  apiToken: string | null;
  /** Asks for the token, unless this page knows it. Resolves to null if it did not succeed. */
  show: () => Promise<string | null>;
  /** Makes a new token; the old one stops working. Resolves to null if it did not succeed. */
  rotate: () => Promise<string | null>;
  isShowing: boolean;
  isRotating: boolean;
  /** The last request made a new token. */
  isRotated: boolean;
}

/** The API token and its replacement, without markup. One request at a time, whichever of the two it is. */
export function useApiToken(onRotate?: (apiToken: string) => void): UseApiToken {
  const { client, session } = useWicketgate();
  const read = () => session.get().apiToken;
  const apiToken = useSyncExternalStore(session.subscribe, read, () => null);
  const [wish, setWish] = useState<Wish>("show");
  const { run, reset, isPending, isLocked, data, error, retryIn } = useAction<Wish, Got>({
    async call(wanted) {
      setWish(wanted);
      const isNew = wanted === "rotate";
      const take = session.expectApiToken(isNew);
      const answer = await (isNew ? client.rotateApiToken() : client.apiToken());
      take(answer.api_token);
      return { apiToken: answer.api_token, isNew };
    },
    needsSession: true,
    onSuccess: ({ apiToken, isNew }) => {
      if (isNew) onRotate?.(apiToken);
      return false;
    },
  });
  const ask = async (wanted: Wish) => (await run(wanted))?.apiToken ?? null;
  return {
    apiToken,
    show: async () => read() ?? ask("show"),
    rotate: () => ask("rotate"),
    reset,
    isPending,
    isShowing: isPending && wish === "show",
    isRotating: isPending && wish === "rotate",
    isRotated: data?.isNew === true,
    isLocked,
    error,
    retryIn,
  };
}
