"use client";

import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { verificationTexts } from "../../react/texts.js";
import { useResendVerification } from "../../react/use-resend-verification.js";
import { BusyButton } from "../busy-button/index.js";
import { EmailField } from "../email-field/index.js";
import { Messages } from "../messages/index.js";

export interface ResendVerificationProps extends Styled {
  /** Whose address it is. Then there is only a button, which may stand in a form; without, it is asked for. */
  email?: string | undefined;
}

/** Sends another link to confirm an address. Says the same of every address. */
export function ResendVerification({ className, classNames, email }: ResendVerificationProps) {
  const texts = useTexts(verificationTexts);
  const form = useResendVerification();
  const { rootClass, within } = useFrame({ className, classNames });
  const messages = (
    <Messages
      error={form.error ?? (email ? (form.fieldErrors.email ?? null) : null)}
      retryIn={form.retryIn}
      success={form.isSuccess ? texts.resent : null}
      busy={form.isPending ? texts.resending : null}
    />
  );
  const button = {
    part: "secondaryButton",
    label: texts.resend,
    busyLabel: texts.resending,
    isPending: form.isPending,
    isLocked: form.isLocked,
  } as const;
  if (email) {
    return within(
      <div className={rootClass("wg-stack wg-start")}>
        {messages}
        <BusyButton {...button} type="button" onClick={() => void form.run({ email })} />
      </div>,
    );
  }
  return within(
    <form {...form.formProps} className={rootClass("wg-form")}>
      {messages}
      <EmailField field={form.field("email")} autoComplete="email" />
      <BusyButton {...button} />
    </form>,
  );
}
