"use client";

import { type RefObject, useInsertionEffect, useRef } from "react";

/** A box with the value of the last render, for callbacks that must not change themselves. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const box = useRef(value);
  // Of the effects the earliest, so that none of the others finds an old value in the box.
  useInsertionEffect(() => {
    box.current = value;
  });
  return box;
}
