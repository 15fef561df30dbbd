"use client";

import type { ButtonHTMLAttributes } from "react";
import { type Part, usePartClass } from "../../react/parts.js";
import { Spinner } from "../spinner/index.js";

export interface BusyButtonProps
  extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children" | "disabled"> {
  label: string;
  busyLabel: string;
  /** Read out after the label, not displayed. */
  context?: string | undefined;
  isPending: boolean;
  isLocked: boolean;
  part?: Extract<Part, "button" | "secondaryButton">;
}

/**
 * A button that says when it is at work. `aria-disabled` instead of `disabled`, because a disabled button loses
 * the focus and with it the place of whoever uses a keyboard; that nothing happens twice is not its task.
 */
export function BusyButton({
  label,
  busyLabel,
  context,
  isPending,
  isLocked,
  part: name = "button",
  className,
  ...rest
}: BusyButtonProps) {
  const part = usePartClass();
  const builtIn = name === "button" ? "wg-button" : "wg-button wg-secondary";
  return (
    <button
      type="submit"
      {...rest}
      className={`${part(builtIn, name)} ${className ?? ""}`.trim()}
      aria-disabled={isLocked}
      data-busy={isPending ? "" : undefined}
    >
      {isPending && <Spinner />}
      <span>
        {isPending ? busyLabel : label}
        {context && (
          <>
            {" "}
            <span className="wg-hidden">{context}</span>
          </>
        )}
      </span>
    </button>
  );
}
