"use client";

import { useTexts } from "../../react/context.js";
import { verificationTexts } from "../../react/texts.js";
import { useVerifyEmail } from "../../react/use-link.js";
import { useSession } from "../../react/use-session.js";
import { LinkConfirm, type LinkConfirmProps } from "../link-confirm/index.js";
import { ResendVerification } from "../resend-verification/index.js";

export interface VerifyEmailProps extends LinkConfirmProps {}

/** Confirms an address by the link in a mail, at the press of a button. */
export function VerifyEmail({ onSuccess, ...props }: VerifyEmailProps) {
  const texts = useTexts(verificationTexts);
  const link = useVerifyEmail({ onSuccess });
  const { data } = useSession();
  return (
    <LinkConfirm
      {...props}
      link={link}
      label={texts.verify}
      busyLabel={texts.verifying}
      done={texts.verified}
      instead={<ResendVerification email={data?.user.email} />}
    />
  );
}
