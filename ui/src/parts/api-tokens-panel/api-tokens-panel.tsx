"use client";

import { useRef } from "react";
import type { CreateApiTokenResponse, NamedApiToken } from "../../client/account-types.js";
import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { listTexts, namedTokenTexts } from "../../react/texts.js";
import { useApiTokens } from "../../react/use-api-tokens.js";
import { useSession } from "../../react/use-session.js";
import { Confirm } from "../confirm/index.js";
import { Item, List } from "../list/index.js";
import { Messages } from "../messages/index.js";
import { NewToken } from "./new-token.js";
import { useTokenFacts } from "./token-facts.js";

export interface ApiTokensPanelProps extends Styled {
  /** Called with each new token, whose secret nobody else will ever be told. */
  onCreate?: (response: CreateApiTokenResponse) => void;
  /** Called with the id of each token that was revoked. */
  onRevoke?: (id: string) => void;
}

/** The named API tokens: makes them, shows each once, and revokes them. */
export function ApiTokensPanel({ className, classNames, onCreate, onRevoke }: ApiTokensPanelProps) {
  const texts = useTexts(namedTokenTexts);
  const { loading } = useTexts(listTexts);
  const { data } = useSession();
  const { revoke, revokedId, ...listing } = useApiTokens();
  const facts = useTokenFacts();
  const { rootClass, within } = useFrame({ className, classNames });
  const panel = useRef<HTMLElement>(null);

  async function finish({ id }: NamedApiToken) {
    if ((await revoke.run(id)) === null) return false;
    // The button that had the focus is gone with its token.
    panel.current?.focus();
    onRevoke?.(id);
    return true;
  }

  function created(response: CreateApiTokenResponse) {
    // Takes back what was said of the token revoked before; one that is being revoked has yet to be told of.
    if (!revoke.isPending) revoke.reset();
    listing.change((tokens) => [response.token, ...tokens]);
    onCreate?.(response);
  }

  function busy() {
    if (revoke.isPending) return texts.tokenRevoking;
    return listing.items === null && listing.isPending ? loading : null;
  }

  return within(
    <section ref={panel} tabIndex={-1} className={rootClass("wg-panel")} aria-label={texts.tokens}>
      <Messages
        error={listing.error ?? revoke.error}
        retryIn={listing.retryIn ?? revoke.retryIn}
        success={revoke.isSuccess ? texts.tokenRevoked : null}
        busy={busy()}
      />
      <List listing={listing} label={texts.tokens} none={texts.tokensNone}>
        {(token) => (
          <Item key={token.id} title={token.name} facts={facts(token)}>
            <Confirm
              label={texts.tokenRevoke}
              context={texts.tokenRevokeContext(token.name)}
              warning={texts.tokenRevokeWarning(token.name)}
              confirmLabel={texts.tokenRevokeConfirm}
              busyLabel={texts.tokenRevoking}
              isPending={revoke.isPending && revokedId === token.id}
              isLocked={revoke.isLocked}
              onConfirm={() => finish(token)}
            />
          </Item>
        )}
      </List>
      {/* A secret is shown to nobody but who made the token. */}
      {data && <NewToken key={data.user.id} onCreate={created} />}
    </section>,
  );
}
