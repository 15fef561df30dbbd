"use client";

import { deleteAccount } from "../client/account.js";
import type { Done } from "../client/account-types.js";
import type { FieldErrors } from "../client/errors.js";
import { passwordRule } from "../client/rules.js";
import { useWicketgate } from "./context.js";
import { type Form, useForm } from "./use-form.js";
import { type LeaveOptions, useLeave } from "./use-leave.js";

const RULES = { password: passwordRule };

export interface UseDeleteAccountOptions extends LeaveOptions {
  onDelete?: (() => void) | undefined;
  errors?: FieldErrors | undefined;
}

/** Deleting one's account, without markup. Ask whether it is meant before you send it. */
export function useDeleteAccount({
  onDelete,
  errors,
  redirectTo,
}: UseDeleteAccountOptions = {}): Form<"password", Done> {
  const { client } = useWicketgate();
  const leave = useLeave({ redirectTo });
  return useForm({
    rules: RULES,
    errors,
    needsSession: true,
    send: ({ password }) => deleteAccount(client, { password }),
    onSuccess: () => leave(onDelete),
  });
}
