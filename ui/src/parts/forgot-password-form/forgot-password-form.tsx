"use client";

import { useTexts, useWicketgate } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { usePartClass } from "../../react/parts.js";
import { recoveryTexts } from "../../react/texts.js";
import { type UseForgotPasswordOptions, useForgotPassword } from "../../react/use-forgot-password.js";
import { BusyButton } from "../busy-button/index.js";
import { Done } from "../done/index.js";
import { EmailField } from "../email-field/index.js";
import { Messages } from "../messages/index.js";

export interface ForgotPasswordFormProps extends UseForgotPasswordOptions, Styled {
  /** Called when the form comes back, for another address or another try. */
  onAgain?: () => void;
}

/** Asks for the address; afterwards says where to look, whether there is such an account or not. */
export function ForgotPasswordForm({ className, classNames, onAgain, ...options }: ForgotPasswordFormProps) {
  const { loginPath, Link } = useWicketgate();
  const texts = useTexts(recoveryTexts);
  const form = useForgotPassword(options);
  const part = usePartClass();
  const { rootClass, within } = useFrame({ className, classNames });

  function again() {
    form.reset();
    onAgain?.();
  }

  if (form.isSuccess) {
    return within(
      <Done message={texts.linkSent} className={rootClass("wg-form")}>
        <p className="wg-hint">{texts.mailHint}</p>
        <div className="wg-row">
          <Link href={loginPath} className={part("wg-button", "button")}>
            {texts.backToLogin}
          </Link>
          <button type="button" className={part("wg-button wg-secondary", "secondaryButton")} onClick={again}>
            {texts.sendLinkAgain}
          </button>
        </div>
      </Done>,
    );
  }
  return within(
    <form {...form.formProps} className={rootClass("wg-form")}>
      <Messages
        error={form.error}
        retryIn={form.retryIn}
        success={null}
        busy={form.isPending ? texts.sendingLink : null}
      />
      <EmailField field={form.field("email")} autoComplete="username" />
      <BusyButton
        label={texts.sendLink}
        busyLabel={texts.sendingLink}
        isPending={form.isPending}
        isLocked={form.isLocked}
      />
    </form>,
  );
}
