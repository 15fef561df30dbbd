"use client";

import { type Styled, useFrame } from "../../react/frame.js";
import type { Action } from "../../react/use-action.js";
import { BusyButton } from "../busy-button/index.js";
import { Messages } from "../messages/index.js";

interface LeaveButtonProps extends Styled {
  leaving: Action<void, unknown>;
  label: string;
  /** Shown and read out meanwhile. */
  busy: string;
  /** Read out when it is done. */
  done: string;
}

/** A button that ends sessions, with what becomes of it below. `className` goes to the button itself. */
export function LeaveButton({ leaving, label, busy, done, className, classNames }: LeaveButtonProps) {
  const { rootClass, within } = useFrame({ classNames });
  return within(
    <div className={rootClass("wg-logout")}>
      <BusyButton
        type="button"
        part="secondaryButton"
        className={className}
        label={label}
        busyLabel={busy}
        isPending={leaving.isPending}
        isLocked={leaving.isLocked}
        onClick={() => void leaving.run()}
      />
      <Messages
        error={leaving.error}
        retryIn={leaving.retryIn}
        success={leaving.isSuccess ? done : null}
        busy={leaving.isPending ? busy : null}
      />
    </div>,
  );
}
