"use client";

import { useState } from "react";
import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { tokenTexts } from "../../react/texts.js";
import { useApiToken } from "../../react/use-api-token.js";
import { Confirm } from "../confirm/index.js";
import { Messages } from "../messages/index.js";
import { Secret } from "../secret/index.js";

export interface ApiTokenPanelProps extends Styled {
  /** Called with each new token. */
  onRotate?: (apiToken: string) => void;
}

/** Shows the API token and replaces it, each on request. */
export function ApiTokenPanel({ className, classNames, onRotate }: ApiTokenPanelProps) {
  const texts = useTexts(tokenTexts);
  const token = useApiToken(onRotate);
  const { rootClass, within } = useFrame({ className, classNames });
  const [shown, setShown] = useState<string | null>(null);
  const isVisible = shown !== null && shown === token.apiToken;

  async function toggle(toVisible: boolean) {
    setShown(toVisible ? await token.show() : null);
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
        label={texts.tokenReplace}
        warning={texts.tokenWarning}
        confirmLabel={texts.tokenConfirm}
        busyLabel={texts.tokenCreating}
        isPending={token.isRotating}
        isLocked={token.isLocked}
        onConfirm={async () => (await token.rotate()) !== null}
      />
    </section>,
  );
}
