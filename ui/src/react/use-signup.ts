"use client";

import { cleanLine } from "../client/clean.js";
import type { FieldErrors } from "../client/errors.js";
import { emailRule, newPasswordRule, optionalNameRule } from "../client/rules.js";
import type { SignupResponse } from "../client/types.js";
import { useWicketgate } from "./context.js";
import { type Form, useForm } from "./use-form.js";
import { useRedirect } from "./use-redirect.js";

const RULES = { name: optionalNameRule, email: emailRule, password: newPasswordRule };

export interface UseSignupOptions {
  onSuccess?: ((response: SignupResponse) => void) | undefined;
  redirectTo?: string | undefined;
  errors?: FieldErrors | undefined;
}

/** Signing up, without markup. Opens no session: the person logs in next. The account's API token is in the answer. */
export function useSignup(options: UseSignupOptions = {}): Form<keyof typeof RULES, SignupResponse> {
  const { client } = useWicketgate();
  const redirect = useRedirect(options.redirectTo);

  return useForm({
    rules: RULES,
    errors: options.errors,
    send: ({ name, email, password }) =>
      client.signup({
        email: cleanLine(email),
        password,
        ...(cleanLine(name) === "" ? {} : { name: cleanLine(name) }),
      }),
    onSuccess: (response) => {
      options.onSuccess?.(response);
      return redirect();
    },
  });
}
