"use client";

import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { leavingTexts } from "../../react/texts.js";
import type { UseLogoutOptions } from "../../react/use-logout.js";
import { useLogoutEverywhere } from "../../react/use-logout-everywhere.js";
import { BusyButton } from "../busy-button/index.js";
import { Messages } from "../messages/index.js";

export interface LogoutEverywhereButtonProps extends UseLogoutOptions, Styled {}

/** Ends every session, this one included, and goes to the login page. `className` goes to the button itself. */
export function LogoutEverywhereButton({ className, classNames, ...options }: LogoutEverywhereButtonProps) {
  const texts = useTexts(leavingTexts);
  const logout = useLogoutEverywhere(options);
  const { rootClass, within } = useFrame({ classNames });
  return within(
    <div className={rootClass("wg-logout")}>
      <BusyButton
        type="button"
        part="secondaryButton"
        className={className}
        label={texts.logOutEverywhere}
        busyLabel={texts.loggingOutEverywhere}
        isPending={logout.isPending}
        isLocked={logout.isLocked}
        onClick={() => void logout.run()}
      />
      <Messages
        error={logout.error}
        retryIn={logout.retryIn}
        success={logout.isSuccess ? texts.loggedOutEverywhere : null}
        busy={logout.isPending ? texts.loggingOutEverywhere : null}
      />
    </div>,
  );
}
