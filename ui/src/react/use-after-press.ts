"use client";

import { useCallback, useEffect, useRef } from "react";

const PRESS = "pointerdown";
const RELEASE = ["pointerup", "pointercancel"] as const;

/**
 * Returns the function that calls another one once no pointer is down and its click has been delivered. Leaving a
 * field by pressing the button below it must not move that button away: the click would miss it.
 */
export function useAfterPress(): (act: () => void) => void {
  const pressed = useRef(false);
  const waiting = useRef<(() => void)[]>([]);

  useEffect(() => {
    const press = () => {
      pressed.current = true;
    };
    const release = () => {
      pressed.current = false;
      // After the click, which follows the release at once. Fingers send even the blur only now.
      setTimeout(() => {
        for (const act of waiting.current.splice(0)) act();
      });
    };
    addEventListener(PRESS, press, true);
    for (const event of RELEASE) addEventListener(event, release, true);
    return () => {
      removeEventListener(PRESS, press, true);
      for (const event of RELEASE) removeEventListener(event, release, true);
    };
  }, []);

  return useCallback((act) => {
    if (pressed.current) waiting.current.push(act);
    else setTimeout(act);
  }, []);
}
