"use client";

import { useState } from "react";
import type { SignupResponse } from "../../client/types.js";
import { translate, useTexts, useWicketgate } from "../../react/context.js";
import { usePartClass } from "../../react/parts.js";
import { signupTexts, tokenTexts, verificationTexts } from "../../react/texts.js";
import { Done } from "../done/index.js";
import { ResendVerification } from "../resend-verification/index.js";
import { Secret } from "../secret/index.js";

interface SignedUpProps {
  answer: SignupResponse;
  /** The address that was typed. */
  email: string;
  className: string;
  loginHref: string;
}

/** What stands in the form's place once the account exists, or a mail is on its way to whoever owns the address. */
export function SignedUp({ answer, email, className, loginHref }: SignedUpProps) {
  const { Link } = useWicketgate();
  const texts = { ...useTexts(signupTexts), ...useTexts(verificationTexts), ...useTexts(tokenTexts) };
  const part = usePartClass();
  const [isVisible, setIsVisible] = useState(false);
  const mailed = !answer.user || answer.user.emailVerified === false;
  const message = answer.message ? translate(texts, answer.message) : texts.signedUp;

  return (
    <Done message={message} className={className}>
      {mailed && (
        <div className="wg-stack">
          <p className="wg-hint">{answer.user ? texts.notVerified : texts.mailHint}</p>
          <ResendVerification email={email} />
        </div>
      )}
      {answer.api_token && (
        <div className="wg-stack">
          <Secret
            value={answer.api_token}
            label={texts.apiToken}
            isVisible={isVisible}
            onToggle={setIsVisible}
          />
          <p className="wg-hint">{texts.tokenLater}</p>
        </div>
      )}
      <Link href={loginHref} className={part("wg-button", "button")}>
        {texts.signedUpNext}
      </Link>
    </Done>
  );
}
