"use client";

import type { ReactNode } from "react";
import { useWicketgate } from "../../react/context.js";
import type { FieldBinding } from "../../react/use-form.js";
import { Field } from "../field/index.js";

interface EmailFieldProps {
  field: FieldBinding;
  autoComplete: "email" | "username";
  hint?: ReactNode;
}

/** An address, typed without a keyboard's help, which only knows words. */
export function EmailField(props: EmailFieldProps) {
  const { texts } = useWicketgate();
  return (
    <Field
      {...props}
      label={texts.email}
      type="email"
      inputMode="email"
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}
