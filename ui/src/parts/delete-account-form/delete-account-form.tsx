"use client";

import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { usePartClass } from "../../react/parts.js";
import { leavingTexts } from "../../react/texts.js";
import { type UseDeleteAccountOptions, useDeleteAccount } from "../../react/use-delete-account.js";
import { BusyButton } from "../busy-button/index.js";
import { Messages } from "../messages/index.js";
import { PasswordField } from "../password-field/index.js";

export interface DeleteAccountFormProps extends UseDeleteAccountOptions, Styled {}

/** Deletes the account: first a button, then what it means, and the password. */
export function DeleteAccountForm({ className, classNames, ...options }: DeleteAccountFormProps) {
  const texts = useTexts(leavingTexts);
  const form = useDeleteAccount(options);
  const part = usePartClass();
  const { rootClass, within } = useFrame({ className, classNames });
  const [isOpen, setIsOpen] = useState(false);
  const [returning, setReturning] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const warning = useId();
  const element = form.formProps.ref;

  useEffect(() => {
    if (isOpen) element.current?.querySelector("input")?.focus();
    else if (returning) opener.current?.focus();
  }, [isOpen, returning, element]);

  function close() {
    setIsOpen(false);
    setReturning(true);
    form.reset();
  }

  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !form.isLocked) close();
  };
  const secondary = part("wg-button wg-secondary", "secondaryButton");
  if (!isOpen) {
    return within(
      <div className={rootClass("wg-row")}>
        <button
          ref={opener}
          type="button"
          className={`${secondary} wg-danger`}
          onClick={() => setIsOpen(true)}
        >
          {texts.deleteAccount}
        </button>
      </div>,
    );
  }
  return within(
    <form
      {...form.formProps}
      className={rootClass("wg-form wg-confirm")}
      aria-label={texts.deleteAccount}
      onKeyDown={closeOnEscape}
    >
      <p id={warning}>{texts.deleteWarning}</p>
      <PasswordField
        field={form.field("password")}
        label={texts.deletePassword}
        autoComplete="current-password"
        busy={form.isPending}
      />
      <Messages
        error={form.error}
        retryIn={form.retryIn}
        success={form.isSuccess ? texts.deleted : null}
        busy={form.isPending ? texts.deleting : null}
      />
      <div className="wg-row">
        <BusyButton
          className="wg-danger"
          aria-describedby={warning}
          label={texts.deleteConfirm}
          busyLabel={texts.deleting}
          isPending={form.isPending}
          isLocked={form.isLocked}
        />
        <button type="button" className={secondary} disabled={form.isPending} onClick={close}>
          {texts.deleteCancel}
        </button>
      </div>
    </form>,
  );
}
