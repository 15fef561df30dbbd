"use client";

import { cleanLine } from "../client/clean.js";
import type { FieldErrors } from "../client/errors.js";
import { emailRule, passwordRule } from "../client/rules.js";
import type { LoginResponse } from "../client/types.js";
import { useWicketgate } from "./context.js";
import { type Form, useForm } from "./use-form.js";
import { nextFromAddress, useRedirect } from "./use-redirect.js";

const RULES = { email: emailRule, password: passwordRule };

export interface UseLoginOptions {
  onSuccess?: ((response: LoginResponse) => void) | undefined;
  /** Where to go afterwards. On the login page itself a safe `next` in the address comes first. */
  redirectTo?: string | undefined;
  errors?: FieldErrors | undefined;
}

/** Logging in, without markup. */
export function useLogin(options: UseLoginOptions = {}): Form<keyof typeof RULES, LoginResponse> {
  const { client, session, gate, loginPath } = useWicketgate();
  const toRedirect = useRedirect(options.redirectTo);
  const toNext = useRedirect(nextFromAddress(loginPath) ?? undefined);

  return useForm({
    rules: RULES,
    errors: options.errors,
    send: ({ email, password }) => client.login({ email: cleanLine(email), password }),
    onSuccess: (response) => {
      gate.reset();
      session.began(response.user, response.api_token);
      options.onSuccess?.(response);
      return toNext() || toRedirect();
    },
  });
}
