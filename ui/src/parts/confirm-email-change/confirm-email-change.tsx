"use client";

import { useTexts } from "../../react/context.js";
import { emailChangeTexts } from "../../react/texts.js";
import { useConfirmEmailChange } from "../../react/use-link.js";
import { LinkConfirm, type LinkConfirmProps } from "../link-confirm/index.js";

export interface ConfirmEmailChangeProps extends LinkConfirmProps {}

/** Makes a new address count by the link that was sent there, at the press of a button. */
export function ConfirmEmailChange({ onSuccess, ...props }: ConfirmEmailChangeProps) {
  const texts = useTexts(emailChangeTexts);
  const link = useConfirmEmailChange({ onSuccess });
  return (
    <LinkConfirm
      {...props}
      link={link}
      label={texts.confirmChange}
      busyLabel={texts.confirmingChange}
      done={texts.changeConfirmed}
      instead={<p className="wg-hint">{texts.changeAgain}</p>}
    />
  );
}
