"use client";

import { type FormEvent, type RefObject, useCallback, useEffect, useId, useRef, useState } from "react";
import type { FieldErrors } from "../client/errors.js";
import type { Rule } from "../client/rules.js";
import { translate, useWicketgate } from "./context.js";
import { type Action, useAction } from "./use-action.js";
import { useAfterPress } from "./use-after-press.js";
import { useLatest } from "./use-latest.js";

export type Values<Name extends string> = Record<Name, string>;
type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface FormOptions<Name extends string, Output> {
  /** What each field must satisfy, in the order of the fields. Must stay the same object. */
  rules: Record<Name, Rule>;
  initial?: Partial<Values<Name>>;
  /** Whose values these are. With another owner, the form begins anew. */
  owner?: string;
  /** Problems found elsewhere, for example by a server action. Each is shown until its field is edited. */
  errors?: FieldErrors | undefined;
  send: (values: Values<Name>) => Promise<Output>;
  /** What the service kept of it: shown in the fields that still hold what was sent. */
  kept?: (output: Output) => Values<Name>;
  onSuccess?: (output: Output) => boolean;
  needsSession?: boolean;
}

export interface FieldBinding {
  value: string;
  error: string | null;
  inputProps: {
    id: string;
    name: string;
    defaultValue: string;
    "aria-invalid": boolean;
    "aria-describedby": string | undefined;
    onChange: (event: { currentTarget: Control }) => void;
    onBlur: (event: { currentTarget: Control }) => void;
  };
  labelProps: { htmlFor: string };
  /** For the element that shows the error. Keep it in the page while empty, so that changes are read out. */
  errorProps: { id: string; "aria-live": "polite" };
  hintProps: { id: string };
}

export interface Form<Name extends string, Output> extends Action<Values<Name>, Output> {
  formProps: {
    ref: RefObject<HTMLFormElement | null>;
    method: "post";
    noValidate: true;
    "aria-busy": boolean;
    onSubmit: (event: FormEvent) => void;
  };
  field: (name: Name) => FieldBinding;
  /** Puts values into the fields as if they had just been loaded. */
  fill: (values: Partial<Values<Name>>) => void;
}

function without(errors: FieldErrors, name: string): FieldErrors {
  if (!(name in errors)) return errors;
  const { [name]: _, ...rest } = errors;
  return rest;
}

function pick<Name extends string>(values: Values<Name>, names: Name[]): Partial<Values<Name>> {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Partial<Values<Name>>;
}

/** A form without markup: values, the moment of validation, errors from here and from the service, focus. */
export function useForm<Name extends string, Output>(options: FormOptions<Name, Output>): Form<Name, Output> {
  const { rules, initial = {}, owner, errors } = options;
  const names = Object.keys(rules) as Name[];
  const { texts } = useWicketgate();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const start = (name: Name) => (initial as Partial<Values<Name>>)[name] ?? "";
  const everyField = <T>(value: (name: Name) => T) =>
    Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, T>;

  const [values, setValues] = useState(() => everyField(start));
  const [revealed, setRevealed] = useState<Partial<Record<Name, boolean>>>({});
  const [serverErrors, setServerErrors] = useState<FieldErrors>(errors ?? {});
  const [focusOn, setFocusOn] = useState<{ name: Name } | null>(null);
  const edited = useRef(new Set<Name>());
  const sent = useRef(values);
  const afterPress = useAfterPress();

  const action = useAction<Values<Name>, Output>({
    call: options.send,
    needsSession: options.needsSession ?? false,
    onSuccess: (output) => {
      // What was typed since then has yet to be sent.
      const unchanged = names.filter((name) => read(name) === sent.current[name]);
      for (const name of unchanged) edited.current.delete(name);
      const kept = options.kept?.(output);
      if (kept) fill(pick(kept, unchanged));
      setRevealed({});
      return options.onSuccess?.(output) ?? false;
    },
    onError: (error) => {
      setServerErrors(error.fields);
      const wrong = names.find((name) => name in error.fields);
      if (wrong) setFocusOn({ name: wrong });
    },
  });

  const control = useCallback((name: Name) => {
    const found = form.current?.elements.namedItem(name);
    return found instanceof HTMLElement ? (found as Control) : null;
  }, []);
  // Password managers and browsers fill fields in without telling anybody: the page knows best.
  const read = (name: Name) => control(name)?.value ?? values[name];

  const fill = useCallback(
    (next: Partial<Values<Name>>) => {
      for (const [name, value] of Object.entries(next) as [Name, string][]) {
        const input = control(name);
        if (input) input.value = value;
      }
      setValues((now) => ({ ...now, ...next }));
    },
    [control],
  );

  // What was loaded again replaces what was loaded before, but never what somebody is typing.
  const loaded = names.map(start).join("\u0000");
  const refill = useLatest(() => {
    const untouched = names.filter((name) => !edited.current.has(name));
    fill(pick(everyField(start), untouched));
  });
  const known = useRef({ owner, loaded });
  const { reset } = action;
  useEffect(() => {
    const before = known.current;
    if (before.owner === owner && before.loaded === loaded) return;
    known.current = { owner, loaded };
    if (before.owner !== owner) {
      // What one person has typed is not sent in the name of another, nor are they told how it went.
      edited.current.clear();
      setRevealed({});
      setServerErrors({});
      reset();
    }
    refill.current();
  }, [owner, loaded, refill, reset]);

  useEffect(() => {
    if (errors) setServerErrors(errors);
  }, [errors]);

  // In an effect, because the error must be in the page before the field is announced with it.
  useEffect(() => {
    if (focusOn) control(focusOn.name)?.focus();
  }, [focusOn, control]);

  function submit() {
    if (action.isLocked) return;
    const current = everyField(read);
    setValues(current);
    setServerErrors({});
    setRevealed(everyField(() => true));
    const wrong = names.find((name) => rules[name](current[name]) !== null);
    if (wrong === undefined) {
      sent.current = current;
      return void action.run(current);
    }
    action.reset();
    setFocusOn({ name: wrong });
  }

  function change(name: Name, value: string) {
    edited.current.add(name);
    setValues((now) => ({ ...now, [name]: value }));
    setServerErrors((now) => without(now, name));
    if (action.isSuccess && !action.isLocked) action.reset();
  }

  function field(name: Name): FieldBinding {
    const fieldId = `${id}${name}`;
    const problem = serverErrors[name] ?? (revealed[name] ? rules[name](values[name]) : null);
    const error = problem && translate(texts, problem);
    return {
      value: values[name],
      error,
      inputProps: {
        id: fieldId,
        name,
        defaultValue: start(name),
        "aria-invalid": error !== null,
        "aria-describedby": error ? `${fieldId}-error` : undefined,
        onChange: (event) => change(name, event.currentTarget.value),
        // Someone who only passes through an empty field has made no mistake yet.
        onBlur: () => {
          if (edited.current.has(name)) afterPress(() => setRevealed((now) => ({ ...now, [name]: true })));
        },
      },
      labelProps: { htmlFor: fieldId },
      errorProps: { id: `${fieldId}-error`, "aria-live": "polite" },
      hintProps: { id: `${fieldId}-hint` },
    };
  }

  const shownAtField = names.some((name) => name in action.fieldErrors);
  return {
    ...action,
    error: shownAtField ? null : action.error,
    formProps: {
      ref: form,
      // Sent before the script has loaded, a form without a method would put the password into the address.
      method: "post",
      noValidate: true,
      "aria-busy": action.isPending,
      onSubmit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    field,
    fill,
  };
}
