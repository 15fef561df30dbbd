"use client";

import { resendVerification } from "../client/account.js";
import type { DoneWithMessage } from "../client/account-types.js";
import { cleanLine } from "../client/clean.js";
import { emailRule } from "../client/rules.js";
import { useWicketgate } from "./context.js";
import { type Form, useForm } from "./use-form.js";

const RULES = { email: emailRule };

export interface UseResendVerificationOptions {
  /** Stands in the field at first. With `run({ email })` no field is needed. */
  email?: string | undefined;
}

/** Asking for another link to confirm an address, without markup. Says the same of every address. */
export function useResendVerification({
  email = "",
}: UseResendVerificationOptions = {}): Form<"email", DoneWithMessage> {
  const { client } = useWicketgate();
  return useForm<"email", DoneWithMessage>({
    rules: RULES,
    initial: { email },
    send: (values) => resendVerification(client, { email: cleanLine(values.email) }),
  });
}
