"use client";

import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { passwordTexts } from "../../react/texts.js";
import { type UseChangePasswordOptions, useChangePassword } from "../../react/use-change-password.js";
import { useSession } from "../../react/use-session.js";
import { BusyButton } from "../busy-button/index.js";
import { Messages } from "../messages/index.js";
import { PasswordField, PasswordHint } from "../password-field/index.js";
import { Username } from "../password-field/username.js";

export interface ChangePasswordFormProps extends UseChangePasswordOptions, Styled {}

/** The current password and a new one. Afterwards only this browser is logged in. */
export function ChangePasswordForm({ className, classNames, ...options }: ChangePasswordFormProps) {
  const texts = useTexts(passwordTexts);
  const form = useChangePassword(options);
  const { data } = useSession();
  const { rootClass, within } = useFrame({ className, classNames });
  const password = form.field("password");
  return within(
    <form {...form.formProps} className={rootClass("wg-form wg-profile")}>
      <Username email={data?.user.email} />
      <PasswordField
        field={form.field("current_password")}
        label={texts.currentPassword}
        autoComplete="current-password"
        busy={form.isPending}
      />
      <PasswordField
        field={password}
        label={texts.newPassword}
        autoComplete="new-password"
        busy={form.isPending}
        hint={<PasswordHint password={password.value} />}
      />
      <Messages
        error={form.error}
        retryIn={form.retryIn}
        success={form.isSuccess ? texts.passwordChanged : null}
        busy={form.isPending ? texts.changingPassword : null}
      />
      <BusyButton
        label={texts.changePassword}
        busyLabel={texts.changingPassword}
        isPending={form.isPending}
        isLocked={form.isLocked}
      />
    </form>,
  );
}
