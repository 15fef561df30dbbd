"use client";

import { useTexts } from "../../react/context.js";
import type { Styled } from "../../react/frame.js";
import { logoutTexts } from "../../react/texts.js";
import { type UseLogoutOptions, useLogout } from "../../react/use-logout.js";
import { LeaveButton } from "./leave-button.js";

export interface LogoutButtonProps extends UseLogoutOptions, Styled {}

/** Ends the session and goes to the login page. `className` goes to the button itself. */
export function LogoutButton({ className, classNames, ...options }: LogoutButtonProps) {
  const texts = useTexts(logoutTexts);
  return (
    <LeaveButton
      leaving={useLogout(options)}
      label={texts.logOut}
      busy={texts.loggingOut}
      done={texts.loggedOut}
      className={className}
      classNames={classNames}
    />
  );
}
