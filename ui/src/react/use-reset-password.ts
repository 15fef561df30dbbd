"use client";

import { useEffect } from "react";
import { resetPassword } from "../client/account.js";
import type { DoneWithMessage } from "../client/account-types.js";
import type { FieldErrors } from "../client/errors.js";
import { newPasswordRule } from "../client/rules.js";
import { useWicketgate } from "./context.js";
import { type Form, useForm } from "./use-form.js";
import { useLinkToken } from "./use-link-token.js";
import { useRedirect } from "./use-redirect.js";

const RULES = { password: newPasswordRule };

export interface UseResetPasswordOptions {
  onSuccess?: (() => void) | undefined;
  redirectTo?: string | undefined;
  errors?: FieldErrors | undefined;
}

export interface UseResetPassword extends Form<"password", DoneWithMessage> {
  /** What the link said after `#`: null until the browser has been asked, "" when the link was not whole. */
  token: string | null;
  /** The service no longer takes this link. */
  isLinkDead: boolean;
}

/** Choosing a new password by the link in a mail, without markup. Ends every session, this browser's included. */
export function useResetPassword(options: UseResetPasswordOptions = {}): UseResetPassword {
  const { client, session } = useWicketgate();
  const token = useLinkToken();
  const redirect = useRedirect(options.redirectTo);
  const form = useForm<"password", DoneWithMessage>({
    rules: RULES,
    errors: options.errors,
    send: ({ password }) => resetPassword(client, { token: token ?? "", password }),
    onSuccess: () => {
      session.lost();
      options.onSuccess?.();
      return redirect();
    },
  });
  const { reset } = form;

  // Another link was opened in this tab: what the first one led to is past.
  useEffect(() => {
    if (token) reset();
  }, [token, reset]);

  return { ...form, token, isLinkDead: "token" in form.fieldErrors };
}
