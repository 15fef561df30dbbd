"use client";

import { useTexts, useWicketgate } from "../../react/context.js";
import { usePartClass } from "../../react/parts.js";
import { emailChangeTexts } from "../../react/texts.js";
import { useUndoEmailChange } from "../../react/use-link.js";
import { LinkConfirm, type LinkConfirmProps } from "../link-confirm/index.js";

export interface UndoEmailChangeProps extends LinkConfirmProps {
  /** Where another link to choose a password can be asked for: the old password has ended. */
  forgotHref?: string;
}

/** Takes a change of address back by the link that was sent to the old one, at the press of a button. */
export function UndoEmailChange({ onSuccess, forgotHref, ...props }: UndoEmailChangeProps) {
  const { Link } = useWicketgate();
  const texts = useTexts(emailChangeTexts);
  const part = usePartClass();
  const link = useUndoEmailChange({ onSuccess });
  return (
    <LinkConfirm
      {...props}
      link={link}
      label={texts.undoChange}
      busyLabel={texts.undoingChange}
      done={texts.changeUndone}
      instead={<p className="wg-hint">{texts.undoTooLate}</p>}
    >
      {forgotHref && (
        <p>
          {texts.afterUndo}{" "}
          <Link href={forgotHref} className={part("wg-link", "link")}>
            {texts.afterUndoLink}
          </Link>
        </p>
      )}
    </LinkConfirm>
  );
}
