"use client";

import { usePartClass } from "../../react/parts.js";

/** Decoration: whoever shows it also says in words what is going on. */
export function Spinner() {
  const part = usePartClass();
  return <span className={part("wg-spinner", "spinner")} aria-hidden="true" data-wg-spinner="" />;
}
