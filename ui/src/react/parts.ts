"use client";

import { createContext, useContext } from "react";

/** The places a class name can be added to, in every component. */
export type Part =
  | "root"
  | "field"
  | "label"
  | "control"
  | "input"
  | "toggle"
  | "hint"
  | "error"
  | "button"
  | "secondaryButton"
  | "link"
  | "item"
  | "spinner"
  | "alert"
  | "status"
  | "secret";

export type ClassNames = Partial<Record<Part, string>>;

export const PartsContext = createContext<ClassNames>({});

export const join = (...names: (string | undefined)[]) => names.filter(Boolean).join(" ");

/** Each part's own classes followed by yours. */
export function mergeClassNames(outer: ClassNames, inner: ClassNames = {}): ClassNames {
  const merged = { ...outer };
  for (const [part, name] of Object.entries(inner) as [Part, string | undefined][]) {
    merged[part] = join(outer[part], name);
  }
  return merged;
}

/** Returns the function that names a part's classes: the built-in one, then those of provider and component. */
export function usePartClass(): (builtIn: string, part: Part) => string {
  const names = useContext(PartsContext);
  return (builtIn, part) => join(builtIn, names[part]);
}
