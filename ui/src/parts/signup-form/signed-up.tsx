"use client";

import { useEffect, useRef, useState } from "react";
import type { SignupResponse } from "../../client/types.js";
import { translate, useWicketgate } from "../../react/context.js";
import { usePartClass } from "../../react/parts.js";
import { Secret } from "../secret/index.js";

interface SignedUpProps {
  answer: SignupResponse;
  className: string;
  loginHref: string;
}

/** What stands in the form's place once the account exists. */
export function SignedUp({ answer, className, loginHref }: SignedUpProps) {
  const { texts, Link } = useWicketgate();
  const part = usePartClass();
  const [isVisible, setIsVisible] = useState(false);
  const message = useRef<HTMLDivElement>(null);

  // The focused button has just left the page; without this, a keyboard would start again at the top.
  useEffect(() => message.current?.focus(), []);

  return (
    <div className={className}>
      <div ref={message} role="status" tabIndex={-1} className={part("wg-status", "status")}>
        <p>{answer.message ? translate(texts, answer.message) : texts.signedUp}</p>
      </div>
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
    </div>
  );
}
