"use client";

import { useTexts } from "../../react/context.js";
import type { Styled } from "../../react/frame.js";
import { leavingTexts } from "../../react/texts.js";
import type { UseLogoutOptions } from "../../react/use-logout.js";
import { useLogoutEverywhere } from "../../react/use-logout-everywhere.js";
import { LeaveButton } from "../logout-button/leave-button.js";

export interface LogoutEverywhereButtonProps extends UseLogoutOptions, Styled {}

/** Ends every session, this one included, and goes to the login page. `className` goes to the button itself. */
export function LogoutEverywhereButton({ className, classNames, ...options }: LogoutEverywhereButtonProps) {
  const texts = useTexts(leavingTexts);
  return (
    <LeaveButton
      leaving={useLogoutEverywhere(options)}
      label={texts.logOutEverywhere}
      busy={texts.loggingOutEverywhere}
      done={texts.loggedOutEverywhere}
      className={className}
      classNames={classNames}
    />
  );
}
