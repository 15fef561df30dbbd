"use client";

import { useRef } from "react";
import type { ListedSession } from "../../client/account-types.js";
import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { listTexts, sessionTexts } from "../../react/texts.js";
import { useSessions } from "../../react/use-sessions.js";
import { BusyButton } from "../busy-button/index.js";
import { Item, List } from "../list/index.js";
import { Messages } from "../messages/index.js";

export interface SessionsPanelProps extends Styled {
  /** Called with the id of each session that was ended. */
  onEnd?: (id: string) => void;
}

/** Where the account is signed in; each session but this browser's can be ended. */
export function SessionsPanel({ className, classNames, onEnd }: SessionsPanelProps) {
  const texts = useTexts(sessionTexts);
  const times = useTexts(listTexts);
  const { end, endedId, ...listing } = useSessions();
  const { rootClass, within } = useFrame({ className, classNames });
  const panel = useRef<HTMLElement>(null);

  async function finish(id: string) {
    if ((await end.run(id)) === null) return;
    // The button that had the focus is gone with its session.
    panel.current?.focus();
    onEnd?.(id);
  }

  function busy() {
    if (end.isPending) return texts.sessionEnding;
    return listing.items === null && listing.isPending ? times.loading : null;
  }

  const facts = (session: ListedSession) => [
    session.network && texts.sessionNetwork(session.network),
    <time key="used" dateTime={session.lastUsedAt}>
      {texts.sessionUsed(times.moment(session.lastUsedAt))}
    </time>,
    <time key="since" dateTime={session.createdAt}>
      {texts.sessionSince(times.date(session.createdAt))}
    </time>,
  ];
  // What one knows for sure comes first.
  const ordered = listing.items && [...listing.items].sort((a, b) => Number(b.current) - Number(a.current));
  return within(
    <section ref={panel} tabIndex={-1} className={rootClass("wg-panel")} aria-label={texts.sessions}>
      <Messages
        error={listing.error ?? end.error}
        retryIn={listing.retryIn ?? end.retryIn}
        success={end.isSuccess ? texts.sessionEndDone : null}
        busy={busy()}
      />
      <List listing={{ ...listing, items: ordered }} label={texts.sessions} none={texts.sessionsNone}>
        {(session) => (
          <Item key={session.id} title={session.device || texts.sessionUnknown} facts={facts(session)}>
            {session.current ? (
              <span className="wg-badge">{texts.sessionCurrent}</span>
            ) : (
              <BusyButton
                type="button"
                part="secondaryButton"
                className="wg-small"
                label={texts.sessionEnd}
                context={texts.sessionEndContext(session.device || texts.sessionUnknown)}
                busyLabel={texts.sessionEnding}
                isPending={end.isPending && endedId === session.id}
                isLocked={end.isLocked}
                onClick={() => void finish(session.id)}
              />
            )}
          </Item>
        )}
      </List>
    </section>,
  );
}
