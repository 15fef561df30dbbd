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

/** Shows the API token and replaces it, each on request. */
export function ApiTokenPanel({ className, classNames, onRotate }: ApiTokenPanelProps) {
  const { texts } = useWicketgate();
  const token = useApiToken(onRotate);
  const { rootClass, within } = useFrame({ className, classNames });
  const [shown, setShown] = useState<string | null>(null);
  const isVisible = shown !== null && shown === token.apiToken;
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

  async function toggle(toVisible: boolean) {
    setShown(toVisible ? await token.show() : null);
  }

  async function replace() {
    if (await token.rotate()) close();
  }

  function busy(): string | null {
    if (token.isShowing) return texts.tokenShowing;
    if (token.isRotating) return texts.tokenCreating;
    return isVisible ? texts.tokenShown : null;
  }

  return within(
    <section className={rootClass("wg-panel")} aria-label={texts.apiToken} aria-busy={token.isPending}>
      <Messages
        error={token.error}
        retryIn={token.retryIn}
        success={token.isRotated ? texts.tokenCreated : null}
        busy={busy()}
      />
      <Secret
        value={token.apiToken}
        label={texts.apiToken}
        isVisible={isVisible}
        onToggle={(toVisible) => void toggle(toVisible)}
        isPending={token.isShowing}
        isLocked={token.apiToken === null && token.isLocked}
      />
      <p className="wg-hint">{texts.tokenPresent}</p>
      <Confirm
        isOpen={asking}
        isPending={token.isRotating}
        isLocked={token.isLocked}
        opener={opener}
        onOpen={() => setAsking(true)}
        onCancel={close}
        onConfirm={() => void replace()}
      />
    </section>,
  );
}
