"use client";

import { LIMITS, passwordLength } from "../../client/rules.js";
import { useTexts } from "../../react/context.js";
import { newPasswordTexts } from "../../react/texts.js";

/** How far the password being typed is from an acceptable length. */
export function PasswordHint({ password }: { password: string }) {
  const texts = useTexts(newPasswordTexts);
  const length = passwordLength(password);
  const { passwordMin: min, passwordMax: max } = LIMITS;
  const state = length === 0 ? "empty" : length < min ? "short" : length > max ? "long" : "good";
  const text = {
    empty: texts.passwordHint(min),
    short: texts.passwordShort(min - length),
    long: texts.passwordLong(length - max),
    good: texts.passwordGood,
  }[state];
  return (
    <span className="wg-meter" data-state={state}>
      <progress className="wg-progress" max={min} value={Math.min(length, min)} aria-hidden="true" />
      <span>{text}</span>
      {/* Every keystroke would be too much to listen to; arriving is worth a word. */}
      <span className="wg-hidden" aria-live="polite">
        {state === "good" ? texts.passwordGood : ""}
      </span>
    </span>
  );
}
