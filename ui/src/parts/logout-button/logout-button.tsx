"use client";

import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { logoutTexts } from "../../react/texts.js";
import { type UseLogoutOptions, useLogout } from "../../react/use-logout.js";
import { BusyButton } from "../busy-button/index.js";
import { Messages } from "../messages/index.js";

export interface LogoutButtonProps extends UseLogoutOptions, Styled {}

/** Ends the session and goes to the login page. `className` goes to the button itself. */
export function LogoutButton({ className, classNames, ...options }: LogoutButtonProps) {
  const texts = useTexts(logoutTexts);
  const logout = useLogout(options);
  const { rootClass, within } = useFrame({ classNames });
  return within(
    <div className={rootClass("wg-logout")}>
      <BusyButton
        type="button"
        part="secondaryButton"
        className={className}
        label={texts.logOut}
        busyLabel={texts.loggingOut}
        isPending={logout.isPending}
        isLocked={logout.isLocked}
        onClick={() => void logout.run()}
      />
      <Messages
        error={logout.error}
        retryIn={logout.retryIn}
        success={logout.isSuccess ? texts.loggedOut : null}
        busy={logout.isPending ? texts.loggingOut : null}
      />
    </div>,
  );
}
