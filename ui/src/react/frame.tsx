"use client";

import { type ReactNode, useContext, useMemo } from "react";
import { type ClassNames, join, mergeClassNames, PartsContext } from "./parts.js";

/** Props every component has. */
export interface Styled {
  /** Added to the outermost element. */
  className?: string;
  /** Added to the parts within. */
  classNames?: ClassNames;
}

/** Returns a component's outermost class and the element that carries its class names to the parts within. */
export function useFrame({ className, classNames }: Styled) {
  const outer = useContext(PartsContext);
  const parts = useMemo(() => mergeClassNames(outer, classNames), [outer, classNames]);
  return {
    rootClass: (builtIn: string) => join("wg", builtIn, parts.root, className),
    within: (children: ReactNode) => <PartsContext.Provider value={parts}>{children}</PartsContext.Provider>,
  };
}
