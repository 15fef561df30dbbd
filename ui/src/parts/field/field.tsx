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

/** What every control of a form is given. */
function useControl({ field, optional, hint }: Common) {
  const { inputProps, hintProps, error } = field;
  return {
    ...inputProps,
    className: usePartClass()("wg-input", "input"),
    required: !optional,
    "aria-describedby":
      join(error ? field.errorProps.id : undefined, hint ? hintProps.id : undefined) || undefined,
  };
}

/** A label, a hint and the error, each tied to the control for those who cannot see where it stands. */
function Frame({ field, label, optional, hint, aside, children }: Common & { children: ReactNode }) {
  const part = usePartClass();
  return (
    <div className={part("wg-field", "field")} data-invalid={field.error ? "" : undefined}>
      <label htmlFor={field.labelProps.htmlFor} className={part("wg-label", "label")}>
        {label} {optional && <span className="wg-optional">({optional})</span>}
      </label>
      <div className={part("wg-control", "control")}>
        {children}
        {aside}
      </div>
      {hint && (
        <div {...field.hintProps} className={part("wg-hint", "hint")}>
          {hint}
        </div>
      )}
      <p {...field.errorProps} className={part("wg-error", "error")}>
        {field.error}
      </p>
    </div>
  );
}

/** A line, or several, to type in. */
export function Field({ field, label, optional, hint, aside, multiline, ...attributes }: Line | Block) {
  const common = { field, label, optional, hint, aside } as Common;
  const shared = useControl(common);
  return (
    <Frame {...common}>
      {multiline ? (
        <textarea {...(attributes as TextareaHTMLAttributes<HTMLTextAreaElement>)} {...shared} />
      ) : (
        <input {...(attributes as InputHTMLAttributes<HTMLInputElement>)} {...shared} />
      )}
    </Frame>
  );
}

/** One of a few. `options` are values with what is shown for them. */
export function Select({ options, ...common }: Common & { options: readonly (readonly [string, string])[] }) {
  return (
    <Frame {...common}>
      <select {...useControl(common)}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </Frame>
  );
}
