import { currentPath, loginAddress } from "./next.js";

export interface Gate {
  /** Sends the person to the login page, once, with the way back. */
  send(): void;
  /** Somebody else is about to navigate: later calls of `send` do nothing. */
  hold(): void;
  /** A new session began, a page that needs one was opened, or the browser's cache brought such a page back. */
  reset(): void;
}

/**
 * The one redirect after a session died. Several calls may fail at the same moment, and the login page
 * itself may ask for the session: neither may lead to a second redirect or to a loop.
 */
export function createGate(loginPath: string, navigate: (to: string) => void): Gate {
  let held = false;
  const [loginPathname] = loginPath.split("?");
  return {
    send() {
      if (held || location.pathname === loginPathname) return;
      held = true;
      navigate(loginAddress(loginPath, currentPath()));
    },
    hold() {
      held = true;
    },
    reset() {
      held = false;
    },
  };
}
