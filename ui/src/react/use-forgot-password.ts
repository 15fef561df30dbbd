"use client";

import { forgotPassword } from "../client/account.js";
import type { DoneWithMessage } from "../client/account-types.js";
import { cleanLine } from "../client/clean.js";
import type { FieldErrors } from "../client/errors.js";
import { emailRule } from "../client/rules.js";
import { useWicketgate } from "./context.js";
import { type Form, useForm } from "./use-form.js";

const RULES = { email: emailRule };

export interface UseForgotPasswordOptions {
  onSuccess?: ((email: string) => void) | undefined;
  errors?: FieldErrors | undefined;
}

/** Asking for a link to choose a new password, without markup. Says the same of every address. */
export function useForgotPassword({
  onSuccess,
  errors,
}: UseForgotPasswordOptions = {}): Form<"email", DoneWithMessage & { email: string }> {
  const { client } = useWicketgate();
  return useForm({
    rules: RULES,
    errors,
    async send(values) {
      const email = cleanLine(values.email);
      return { ...(await forgotPassword(client, { email })), email };
    },
    onSuccess: ({ email }) => {
      onSuccess?.(email);
      return false;
    },
  });
}
