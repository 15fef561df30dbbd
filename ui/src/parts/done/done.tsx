"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { usePartClass } from "../../react/parts.js";

interface DoneProps {
  message: string;
  className: string;
  children?: ReactNode;
}

/** What stands in a form's place once it has done its work, and the way on. */
export function Done({ message, className, children }: DoneProps) {
  const part = usePartClass();
  const status = useRef<HTMLDivElement>(null);

  // The focused button has just left the page; without this, a keyboard would start again at the top.
  useEffect(() => status.current?.focus(), []);

  return (
    <div className={className}>
      <div ref={status} role="status" tabIndex={-1} className={part("wg-status", "status")}>
        <p>{message}</p>
      </div>
      {children}
    </div>
  );
}
