"use client";

import type { InputHTMLAttributes, ReactNode, TextareaHTMLAttributes } from "react";
import { join, usePartClass } from "../../react/parts.js";
import type { FieldBinding } from "../../react/use-form.js";

interface Common {
  /** What `useForm().field(name)` returned: value, error and the attributes that tie them together. */
  field: FieldBinding;
  label: string;
  /** Set for fields that may stay empty: the word that says so. */
  optional?: string;
  hint?: ReactNode;
  /** A control beside the input, such as the button that shows a password. */
  aside?: ReactNode;
}

interface Line extends Common, Omit<InputHTMLAttributes<HTMLInputElement>, keyof FieldBinding["inputProps"]> {
  multiline?: false;
}

interface Block
  extends Common,
    Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, keyof FieldBinding["inputProps"]> {
  multiline: true;
}

/** A label, an input, a hint and the error, each tied to the input for those who cannot see where it stands. */
export function Field({ field, label, optional, hint, aside, multiline, ...attributes }: Line | Block) {
  const part = usePartClass();
  const { inputProps, labelProps, errorProps, hintProps, error } = field;
  const shared = {
    ...inputProps,
    className: part("wg-input", "input"),
    required: !optional,
    "aria-describedby": join(error ? errorProps.id : undefined, hint ? hintProps.id : undefined) || undefined,
  };
  return (
    <div className={part("wg-field", "field")} data-invalid={error ? "" : undefined}>
      <label htmlFor={labelProps.htmlFor} className={part("wg-label", "label")}>
        {label} {optional && <span className="wg-optional">({optional})</span>}
      </label>
      <div className={part("wg-control", "control")}>
        {multiline ? (
          <textarea {...(attributes as TextareaHTMLAttributes<HTMLTextAreaElement>)} {...shared} />
        ) : (
          <input {...(attributes as InputHTMLAttributes<HTMLInputElement>)} {...shared} />
        )}
        {aside}
      </div>
      {hint && (
        <div {...hintProps} className={part("wg-hint", "hint")}>
          {hint}
        </div>
      )}
      <p {...errorProps} className={part("wg-error", "error")}>
        {error}
      </p>
    </div>
  );
}
