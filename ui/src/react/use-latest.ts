"use client";

import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

const useCommit = typeof document === "undefined" ? useEffect : useLayoutEffect;

/** A box with the value of the last render, for callbacks that must not change themselves. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const box = useRef(value);
  useCommit(() => {
    box.current = value;
  });
  return box;
}
