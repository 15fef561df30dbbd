"use client";

import type { ReactNode } from "react";
import { cleanLine } from "../../client/clean.js";
import { NOT_VERIFIED } from "../../client/errors.js";
import { useWicketgate } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { usePartClass } from "../../react/parts.js";
import { type UseLoginOptions, useLogin } from "../../react/use-login.js";
import { BusyButton } from "../busy-button/index.js";
import { EmailField } from "../email-field/index.js";
import { Messages } from "../messages/index.js";
import { PasswordField } from "../password-field/index.js";

export interface LoginFormProps extends UseLoginOptions, Styled {
  /** Where a new password can be asked for. Without it there is no link. */
  forgotHref?: string;
  /** Shown with the right password of an address not confirmed yet, for example a `ResendVerification`. */
  whenUnverified?: (email: string) => ReactNode;
}

/** Email and password. */
export function LoginForm({ className, classNames, forgotHref, whenUnverified, ...options }: LoginFormProps) {
  const { texts, Link } = useWicketgate();
  const form = useLogin(options);
  const part = usePartClass();
  const email = cleanLine(form.field("email").value);
  const { rootClass, within } = useFrame({ className, classNames });
  return within(
    <form {...form.formProps} className={rootClass("wg-form")}>
      <Messages
        error={form.error}
        retryIn={form.retryIn}
        success={form.isSuccess ? texts.loggedIn : null}
        busy={form.isPending ? texts.loggingIn : null}
      />
      {form.cause?.message === NOT_VERIFIED && email !== "" && whenUnverified?.(email)}
      <EmailField field={form.field("email")} autoComplete="username" />
      <PasswordField field={form.field("password")} autoComplete="current-password" busy={form.isPending} />
      <BusyButton
        label={texts.logIn}
        busyLabel={texts.loggingIn}
        isPending={form.isPending}
        isLocked={form.isLocked}
      />
      {forgotHref && (
        <Link href={forgotHref} className={part("wg-link", "link")}>
          {texts.forgotLink}
        </Link>
      )}
    </form>,
  );
}
