"use client";

import type { ReactNode } from "react";
import { cleanLine } from "../../client/clean.js";
import { useTexts, useWicketgate } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { signupTexts } from "../../react/texts.js";
import { type UseSignupOptions, useSignup } from "../../react/use-signup.js";
import { BusyButton } from "../busy-button/index.js";
import { EmailField } from "../email-field/index.js";
import { Field } from "../field/index.js";
import { Messages } from "../messages/index.js";
import { PasswordField, PasswordHint } from "../password-field/index.js";
import { SignedUp } from "./signed-up.js";

export interface SignupFormProps extends UseSignupOptions, Styled {
  /** Where "Continue to log in" leads. Default: the login page. */
  loginHref?: string;
  /** Shown under the button, for example a link to your terms. */
  children?: ReactNode;
}

/** Name, email and password; afterwards the confirmation and the way on. */
export function SignupForm({ className, classNames, loginHref, children, ...options }: SignupFormProps) {
  const { loginPath } = useWicketgate();
  const texts = useTexts(signupTexts);
  const form = useSignup(options);
  const { rootClass, within } = useFrame({ className, classNames });
  const password = form.field("password");

  if (form.data) {
    return within(
      <SignedUp
        answer={form.data}
        email={cleanLine(form.field("email").value)}
        className={rootClass("wg-form")}
        loginHref={loginHref ?? loginPath}
      />,
    );
  }
  return within(
    <form {...form.formProps} className={rootClass("wg-form")}>
      <Messages
        error={form.error}
        retryIn={form.retryIn}
        success={null}
        busy={form.isPending ? texts.signingUp : null}
      />
      <Field field={form.field("name")} label={texts.name} optional={texts.optional} autoComplete="name" />
      <EmailField field={form.field("email")} autoComplete="email" />
      <PasswordField
        field={password}
        autoComplete="new-password"
        busy={form.isPending}
        hint={<PasswordHint password={password.value} />}
      />
      <BusyButton
        label={texts.signUp}
        busyLabel={texts.signingUp}
        isPending={form.isPending}
        isLocked={form.isLocked}
      />
      {children}
    </form>,
  );
}
