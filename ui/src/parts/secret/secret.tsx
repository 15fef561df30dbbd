"use client";

import { useEffect, useRef, useState } from "react";
import { useTexts } from "../../react/context.js";
import { usePartClass } from "../../react/parts.js";
import { tokenTexts } from "../../react/texts.js";
import { BusyButton } from "../busy-button/index.js";
import { copyText } from "./copy.js";

interface SecretProps {
  /** Null while it is not known: showing it is then up to whoever has this. */
  value: string | null;
  label: string;
  isVisible: boolean;
  /** Null for what is shown all the time. */
  onToggle: ((isVisible: boolean) => void) | null;
  isPending?: boolean;
  isLocked?: boolean;
}

const mask = (value: string) => `${value.slice(0, value.indexOf("_") + 1)}${"•".repeat(16)}`;

/** A token: hidden until asked for, easy to copy, never in a form field a browser would remember. */
export function Secret({
  value,
  label,
  isVisible,
  onToggle,
  isPending = false,
  isLocked = false,
}: SecretProps) {
  const texts = useTexts(tokenTexts);
  const part = usePartClass();
  const code = useRef<HTMLElement>(null);
  const [copying, setCopying] = useState<{ of: string | null; outcome: "copied" | "refused" } | null>(null);
  const outcome = copying?.of === value ? copying?.outcome : null;
  const isSelected = isVisible && outcome === "refused";

  // Once it is there to be read: what is selected must be the token, not its dots.
  useEffect(() => {
    if (isSelected && code.current) getSelection()?.selectAllChildren(code.current);
  }, [isSelected]);

  function toggle() {
    setCopying(null);
    onToggle?.(!isVisible);
  }

  async function copy(text: string) {
    setCopying(null);
    const isCopied = await copyText(text);
    setCopying({ of: text, outcome: isCopied ? "copied" : "refused" });
    if (!isCopied) onToggle?.(true);
  }

  return (
    <div className={part("wg-secret", "secret")}>
      <p className="wg-label">{label}</p>
      <div className="wg-secret-row">
        <code ref={code} data-hidden={isVisible ? undefined : ""}>
          {isVisible ? value : mask(value ?? "")}
        </code>
        {onToggle && (
          <BusyButton
            type="button"
            part="secondaryButton"
            label={value === null ? texts.tokenShow : isVisible ? texts.hide : texts.show}
            context={value === null ? undefined : label}
            busyLabel={texts.tokenShowing}
            isPending={isPending}
            isLocked={isLocked}
            onClick={toggle}
          />
        )}
        {value !== null && (
          <button
            type="button"
            className={part("wg-button wg-secondary", "secondaryButton")}
            onClick={() => void copy(value)}
          >
            {outcome === "copied" ? texts.copied : texts.copy} <span className="wg-hidden">{label}</span>
          </button>
        )}
      </div>
      <p role="status" className={outcome === "refused" ? "wg-hint" : "wg-hidden"}>
        {outcome === "copied" && texts.copied}
        {outcome === "refused" && texts.copyFailed}
      </p>
    </div>
  );
}
