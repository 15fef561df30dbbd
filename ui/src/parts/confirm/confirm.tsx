"use client";

import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTexts } from "../../react/context.js";
import { usePartClass } from "../../react/parts.js";
import { tokenTexts } from "../../react/texts.js";
import { BusyButton } from "../busy-button/index.js";

interface ConfirmProps {
  /** On the button that asks. */
  label: string;
  /** Read out after the label, not displayed. */
  context?: string | undefined;
  warning: string;
  /** On the button that does it. */
  confirmLabel: string;
  busyLabel: string;
  isPending: boolean;
  isLocked: boolean;
  /** Resolves to true when it was done. */
  onConfirm: () => Promise<boolean>;
}

/** A question in place, for what cannot be taken back: one click is not enough. */
export function Confirm({ label, context, warning, onConfirm, ...confirm }: ConfirmProps) {
  const part = usePartClass();
  const [isOpen, setIsOpen] = useState(false);
  const [returning, setReturning] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (returning && !isOpen) opener.current?.focus();
  }, [returning, isOpen]);

  function close() {
    setIsOpen(false);
    setReturning(true);
  }

  async function act() {
    if (await onConfirm()) close();
  }

  if (isOpen)
    return <Question {...confirm} warning={warning} onCancel={close} onConfirm={() => void act()} />;
  return (
    <div className="wg-row">
      <button
        ref={opener}
        type="button"
        className={part("wg-button wg-secondary", "secondaryButton")}
        onClick={() => setIsOpen(true)}
      >
        <span>
          {label}
          {context && (
            <>
              {" "}
              <span className="wg-hidden">{context}</span>
            </>
          )}
        </span>
      </button>
    </div>
  );
}

interface QuestionProps extends Omit<ConfirmProps, "label" | "context" | "onConfirm"> {
  onCancel: () => void;
  onConfirm: () => void;
}

function Question({
  warning,
  confirmLabel,
  busyLabel,
  isPending,
  isLocked,
  onCancel,
  onConfirm,
}: QuestionProps) {
  const { tokenCancel } = useTexts(tokenTexts);
  const part = usePartClass();
  const id = useId();
  const cancel = useRef<HTMLButtonElement>(null);

  // On the harmless answer: Enter pressed twice must not do anything.
  useEffect(() => cancel.current?.focus(), []);

  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !isPending) onCancel();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is a short cut; both answers are buttons
    <div className="wg-confirm" onKeyDown={closeOnEscape}>
      <p id={id}>{warning}</p>
      <div className="wg-row">
        <BusyButton
          type="button"
          aria-describedby={id}
          label={confirmLabel}
          busyLabel={busyLabel}
          isPending={isPending}
          isLocked={isLocked}
          onClick={onConfirm}
        />
        <button
          ref={cancel}
          type="button"
          aria-describedby={id}
          className={part("wg-button wg-secondary", "secondaryButton")}
          disabled={isPending}
          onClick={onCancel}
        >
          {tokenCancel}
        </button>
      </div>
    </div>
  );
}
