"use client";

import { changePassword } from "../client/account.js";
import type { ChangePasswordResponse } from "../client/account-types.js";
import type { FieldErrors } from "../client/errors.js";
import { newPasswordRule, passwordRule } from "../client/rules.js";
import { useWicketgate } from "./context.js";
import { type Form, useForm } from "./use-form.js";
import { useLatest } from "./use-latest.js";

const RULES = { current_password: passwordRule, password: newPasswordRule };

export interface UseChangePasswordOptions {
  onSuccess?: (() => void) | undefined;
  errors?: FieldErrors | undefined;
}

/** Changing the password with the current one, without markup. This session goes on, all others end. */
export function useChangePassword({
  onSuccess,
  errors,
}: UseChangePasswordOptions = {}): Form<keyof typeof RULES, ChangePasswordResponse> {
  const { client } = useWicketgate();
  const form = useForm<keyof typeof RULES, ChangePasswordResponse>({
    rules: RULES,
    errors,
    needsSession: true,
    send: (values) => changePassword(client, values),
    onSuccess: () => {
      // Neither password is of use to anybody any more, least of all to whoever passes by.
      fill.current({ current_password: "", password: "" });
      onSuccess?.();
      return false;
    },
  });
  const fill = useLatest(form.fill);
  return form;
}
