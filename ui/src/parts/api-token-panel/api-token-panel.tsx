"use client";

import { useEffect, useRef, useState } from "react";
import { useWicketgate } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { useApiToken } from "../../react/use-api-token.js";
import { Messages } from "../messages/index.js";
import { Secret } from "../secret/index.js";
import { Confirm } from "./confirm.js";

export interface ApiTokenPanelProps extends Styled {
  /** Called with each new token. */
  onRotate?: (apiToken: string) => void;
}

/** Shows the API token while this page knows it, and replaces it on request. */
export function ApiTokenPanel({ className, classNames, onRotate }: ApiTokenPanelProps) {
  const { texts } = useWicketgate();
  const token = useApiToken(onRotate);
  const { rootClass, within } = useFrame({ className, classNames });
  const [asking, setAsking] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const [returning, setReturning] = useState(false);

  useEffect(() => {
    if (returning && !asking) opener.current?.focus();
  }, [returning, asking]);

  function close() {
    setAsking(false);
    setReturning(true);
  }

  async function replace() {
    if (await token.run()) close();
  }

  return within(
    <section className={rootClass("wg-panel")} aria-label={texts.apiToken} aria-busy={token.isPending}>
      <Messages
        error={token.error}
        retryIn={token.retryIn}
        success={token.isSuccess ? texts.tokenCreated : null}
        busy={token.isPending ? texts.tokenCreating : null}
      />
      {token.apiToken && <Secret key={token.apiToken} value={token.apiToken} label={texts.apiToken} />}
      <p className="wg-hint">{token.apiToken ? texts.tokenPresent : texts.tokenAbsent}</p>
      {token.isSuccess && <p className="wg-hint wg-strong">{texts.tokenOnce}</p>}
      <Confirm
        isOpen={asking}
        isPending={token.isPending}
        isLocked={token.isLocked}
        opener={opener}
        onOpen={() => setAsking(true)}
        onCancel={close}
        onConfirm={() => void replace()}
      />
    </section>,
  );
}
