"use client";

import { type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import { useWicketgate } from "../../react/context.js";
import { usePartClass } from "../../react/parts.js";
import type { FieldBinding } from "../../react/use-form.js";
import { Field } from "../field/index.js";

export interface PasswordFieldProps {
  field: FieldBinding;
  /** Where a form asks for more than one, or for one in particular. */
  label?: string;
  autoComplete: "current-password" | "new-password";
  hint?: ReactNode;
  /** A request is under way. */
  busy: boolean;
}

/** A password input that can be shown, and that mentions caps lock. */
export function PasswordField({ field, label, autoComplete, hint, busy }: PasswordFieldProps) {
  const { texts } = useWicketgate();
  const part = usePartClass();
  const [visible, setVisible] = useState(false);
  const [capsLock, setCapsLock] = useState(false);

  // A browser remembers what stands in a plain text input when its form is sent.
  useEffect(() => {
    if (busy) setVisible(false);
  }, [busy]);

  const watchCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));
  const toggle = (
    <button
      type="button"
      className={part("wg-toggle", "toggle")}
      aria-controls={field.inputProps.id}
      onClick={() => setVisible(!visible)}
    >
      {visible ? texts.hidePassword : texts.showPassword}{" "}
      <span className="wg-hidden">{label ?? texts.showPasswordContext}</span>
    </button>
  );
  return (
    <Field
      field={field}
      label={label ?? texts.password}
      type={visible ? "text" : "password"}
      autoComplete={autoComplete}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      onKeyDown={watchCapsLock}
      onKeyUp={watchCapsLock}
      aside={toggle}
      hint={
        (hint || capsLock) && (
          <>
            {capsLock && <span className="wg-caps">{texts.capsLock}</span>}
            {hint}
          </>
        )
      }
    />
  );
}
