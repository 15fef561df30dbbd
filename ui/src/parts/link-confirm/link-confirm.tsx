"use client";

import type { ReactNode } from "react";
import { useTexts, useWicketgate } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { usePartClass } from "../../react/parts.js";
import { linkTexts } from "../../react/texts.js";
import type { UseLink, UseLinkOptions } from "../../react/use-link.js";
import { BusyButton } from "../busy-button/index.js";
import { Done } from "../done/index.js";
import { Messages } from "../messages/index.js";

/** Props of the components that do what a link in a mail is for. */
export interface LinkConfirmProps extends UseLinkOptions, Styled {
  /** Where to go on to. Default: the login page. */
  continueHref?: string;
}

interface Parts extends Omit<LinkConfirmProps, "onSuccess"> {
  link: UseLink;
  label: string;
  busyLabel: string;
  done: string;
  /** Said below once it is done. */
  children?: ReactNode;
  /** What helps somebody whose link is no longer good. */
  instead?: ReactNode;
}

/** One button, and nothing before it is pressed: programs that look at the links in mails must not use them up. */
export function LinkConfirm({ link, label, busyLabel, done, children, instead, ...props }: Parts) {
  const { loginPath, Link } = useWicketgate();
  const texts = useTexts(linkTexts);
  const part = usePartClass();
  const { rootClass, within } = useFrame(props);
  const continueHref = props.continueHref ?? loginPath;
  if (link.isSuccess) {
    return within(
      <Done message={done} className={rootClass("wg-form")}>
        {children}
        <Link href={continueHref} className={part("wg-button", "button")}>
          {texts.linkContinue}
        </Link>
      </Done>,
    );
  }
  const isUseless = link.token === "" || "token" in link.fieldErrors;
  return within(
    <div className={rootClass("wg-form")} aria-busy={link.isPending}>
      <Messages
        error={link.token === "" ? texts.linkMissing : link.error}
        retryIn={link.retryIn}
        success={null}
        busy={link.isPending ? busyLabel : null}
      />
      {isUseless ? (
        <>
          {instead}
          <Link href={continueHref} className={part("wg-link", "link")}>
            {texts.linkContinue}
          </Link>
        </>
      ) : (
        <BusyButton
          type="button"
          label={label}
          busyLabel={busyLabel}
          isPending={link.isPending}
          isLocked={link.isLocked || link.token === null}
          onClick={() => void link.confirm()}
        />
      )}
    </div>,
  );
}
