"use client";

import { useRef, useState } from "react";
import { useWicketgate } from "../../react/context.js";
import { usePartClass } from "../../react/parts.js";
import { copyText } from "./copy.js";

/** A token: hidden until asked for, easy to copy, never in a form field a browser would remember. */
export function Secret({ value, label }: { value: string; label: string }) {
  const { texts } = useWicketgate();
  const part = usePartClass();
  const code = useRef<HTMLElement>(null);
  const [visible, setVisible] = useState(false);
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);

  async function copy() {
    setOutcome(null);
    if (await copyText(value)) return setOutcome("copied");
    setVisible(true);
    setOutcome("refused");
    // After React has shown the value: what is selected must be the token, not its dots.
    setTimeout(() => code.current && getSelection()?.selectAllChildren(code.current), 0);
  }

  return (
    <div className={part("wg-secret", "secret")}>
      <p className="wg-label">{label}</p>
      <div className="wg-secret-row">
        <code ref={code} data-hidden={visible ? undefined : ""}>
          {visible ? value : `${value.slice(0, value.indexOf("_") + 1)}${"•".repeat(16)}`}
        </code>
        <button
          type="button"
          className={part("wg-button wg-secondary", "secondaryButton")}
          onClick={() => setVisible(!visible)}
        >
          {visible ? texts.hide : texts.show} <span className="wg-hidden">{label}</span>
        </button>
        <button
          type="button"
          className={part("wg-button wg-secondary", "secondaryButton")}
          onClick={() => void copy()}
        >
          {outcome === "copied" ? texts.copied : texts.copy} <span className="wg-hidden">{label}</span>
        </button>
      </div>
      <p role="status" className={outcome === "refused" ? "wg-hint" : "wg-hidden"}>
        {outcome === "copied" && texts.copied}
        {outcome === "refused" && texts.copyFailed}
      </p>
    </div>
  );
}
