"use client";

import { type KeyboardEvent, type RefObject, useEffect, useId, useRef } from "react";
import { useWicketgate } from "../../react/context.js";
import { usePartClass } from "../../react/parts.js";
import { BusyButton } from "../busy-button/index.js";

interface ConfirmProps {
  isOpen: boolean;
  isPending: boolean;
  isLocked: boolean;
  opener: RefObject<HTMLButtonElement | null>;
  onOpen: () => void;
  onCancel: () => void;
  onConfirm: () => void;
}

/** A question in place: replacing the token breaks whatever uses the old one, so one click is not enough. */
export function Confirm({ isOpen, isPending, isLocked, opener, onOpen, onCancel, onConfirm }: ConfirmProps) {
  const { texts } = useWicketgate();
  const part = usePartClass();
  const warning = useId();
  const cancel = useRef<HTMLButtonElement>(null);

  // On the harmless answer: Enter pressed twice must not replace anything.
  useEffect(() => {
    if (isOpen) cancel.current?.focus();
  }, [isOpen]);

  if (!isOpen) {
    return (
      <div className="wg-row">
        <button
          ref={opener}
          type="button"
          className={part("wg-button wg-secondary", "secondaryButton")}
          onClick={onOpen}
        >
          {texts.tokenReplace}
        </button>
      </div>
    );
  }
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !isPending) onCancel();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is a short cut; both answers are buttons
    <div className="wg-confirm" onKeyDown={closeOnEscape}>
      <p id={warning}>{texts.tokenWarning}</p>
      <div className="wg-row">
        <BusyButton
          type="button"
          aria-describedby={warning}
          label={texts.tokenConfirm}
          busyLabel={texts.tokenCreating}
          isPending={isPending}
          isLocked={isLocked}
          onClick={onConfirm}
        />
        <button
          ref={cancel}
          type="button"
          aria-describedby={warning}
          className={part("wg-button wg-secondary", "secondaryButton")}
          disabled={isPending}
          onClick={onCancel}
        >
          {texts.tokenCancel}
        </button>
      </div>
    </div>
  );
}
