"use client";

import { useTexts, useWicketgate } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { usePartClass } from "../../react/parts.js";
import { recoveryTexts } from "../../react/texts.js";
import { type UseResetPasswordOptions, useResetPassword } from "../../react/use-reset-password.js";
import { BusyButton } from "../busy-button/index.js";
import { Done } from "../done/index.js";
import { Messages } from "../messages/index.js";
import { PasswordField, PasswordHint } from "../password-field/index.js";

export interface ResetPasswordFormProps extends UseResetPasswordOptions, Styled {
  /** Where a new link can be asked for, when this one is no longer good. */
  forgotHref?: string;
}

/** Chooses a new password by the link in a mail. */
export function ResetPasswordForm({ className, classNames, forgotHref, ...options }: ResetPasswordFormProps) {
  const { loginPath, Link } = useWicketgate();
  const texts = useTexts(recoveryTexts);
  const form = useResetPassword(options);
  const part = usePartClass();
  const { rootClass, within } = useFrame({ className, classNames });
  const password = form.field("password");
  const button = part("wg-button", "button");
  if (form.isSuccess) {
    return within(
      <Done message={texts.passwordSet} className={rootClass("wg-form")}>
        <Link href={loginPath} className={button}>
          {texts.toLogin}
        </Link>
      </Done>,
    );
  }
  const isUseless = form.token === "" || form.isLinkDead;
  return within(
    <form {...form.formProps} className={rootClass("wg-form")}>
      <Messages
        error={form.token === "" ? texts.linkMissing : form.error}
        retryIn={form.retryIn}
        success={null}
        busy={form.isPending ? texts.settingPassword : null}
      />
      {!isUseless && (
        <>
          <PasswordField
            field={password}
            label={texts.newPassword}
            autoComplete="new-password"
            busy={form.isPending}
            hint={<PasswordHint password={password.value} />}
          />
          <BusyButton
            label={texts.setPassword}
            busyLabel={texts.settingPassword}
            isPending={form.isPending}
            isLocked={form.isLocked || form.token === null}
          />
        </>
      )}
      {isUseless && forgotHref && (
        <Link href={forgotHref} className={button}>
          {texts.linkNew}
        </Link>
      )}
    </form>,
  );
}
