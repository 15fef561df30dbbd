"use client";

import { useEffect } from "react";
import { confirmEmailChange, undoEmailChange, verifyEmail } from "../client/account.js";
import type { DoneWithMessage, LinkRequest } from "../client/account-types.js";
import type { Client } from "../client/client.js";
import { useWicketgate } from "./context.js";
import { type Action, useAction } from "./use-action.js";
import { useLinkToken } from "./use-link-token.js";

export interface UseLinkOptions {
  onSuccess?: (() => void) | undefined;
}

export interface UseLink extends Omit<Action<void, DoneWithMessage>, "run"> {
  /** What the link said after `#`: null until the browser has been asked, "" when the link was not whole. */
  token: string | null;
  /** Does what the link is for. Only a person's press may call it: programs open links as well, to look at them. */
  confirm: () => Promise<DoneWithMessage | null>;
}

type Redeem = (client: Client, body: LinkRequest) => Promise<DoneWithMessage>;

function useLink(redeem: Redeem, { onSuccess }: UseLinkOptions, done: () => void): UseLink {
  const { client } = useWicketgate();
  const token = useLinkToken();
  const { run, ...action } = useAction<string, DoneWithMessage>({
    call: (secret) => redeem(client, { token: secret }),
    onSuccess: () => {
      done();
      onSuccess?.();
      return false;
    },
  });
  const { reset } = action;

  // Another link was opened in this tab: what the first one led to is past.
  useEffect(() => {
    if (token) reset();
  }, [token, reset]);

  return { ...action, token, confirm: async () => (token ? run(token) : null) };
}

/** The page may show who is signed in; that has just changed. */
function useRefetch(): () => void {
  const { client, session } = useWicketgate();
  return () => {
    if (client.mayHaveSession()) void session.refetch();
  };
}

/** Confirming an address by the link in a mail, without markup. */
export function useVerifyEmail(options: UseLinkOptions = {}): UseLink {
  return useLink(verifyEmail, options, useRefetch());
}

/** Making a new address count by the link in a mail, without markup. */
export function useConfirmEmailChange(options: UseLinkOptions = {}): UseLink {
  return useLink(confirmEmailChange, options, useRefetch());
}

/** Taking a change of address back by the link in a mail, without markup. Ends every session. */
export function useUndoEmailChange(options: UseLinkOptions = {}): UseLink {
  const { session } = useWicketgate();
  return useLink(undoEmailChange, options, session.lost);
}
