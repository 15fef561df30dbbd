"use client";

import { useWicketgate } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { type UseLoginOptions, useLogin } from "../../react/use-login.js";
import { BusyButton } from "../busy-button/index.js";
import { Field } from "../field/index.js";
import { Messages } from "../messages/index.js";
import { PasswordField } from "../password-field/index.js";

export interface LoginFormProps extends UseLoginOptions, Styled {}

/** Email and password. */
export function LoginForm({ className, classNames, ...options }: LoginFormProps) {
  const { texts } = useWicketgate();
  const form = useLogin(options);
  const { rootClass, within } = useFrame({ className, classNames });
  return within(
    <form {...form.formProps} className={rootClass("wg-form")}>
      <Messages
        error={form.error}
        retryIn={form.retryIn}
        success={form.isSuccess ? texts.loggedIn : null}
        busy={form.isPending ? texts.loggingIn : null}
      />
      <Field
        field={form.field("email")}
        label={texts.email}
        type="email"
        inputMode="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <PasswordField field={form.field("password")} autoComplete="current-password" busy={form.isPending} />
      <BusyButton
        label={texts.logIn}
        busyLabel={texts.loggingIn}
        isPending={form.isPending}
        isLocked={form.isLocked}
      />
    </form>,
  );
}
