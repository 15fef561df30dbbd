"use client";

import { useRef, useState } from "react";
import type { ActivityEvent } from "../../client/account-types.js";
import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { usePartClass } from "../../react/parts.js";
import { activityTexts, listTexts } from "../../react/texts.js";
import { useActivity } from "../../react/use-activity.js";
import { Item, List } from "../list/index.js";
import { Messages } from "../messages/index.js";

export interface ActivityListProps extends Styled {
  /** How many are shown before somebody asks for all. Default: 10. */
  shownFirst?: number;
}

/** What happened to the account, newest first. */
export function ActivityList({ shownFirst = 10, ...props }: ActivityListProps) {
  const texts = useTexts(activityTexts);
  const times = useTexts(listTexts);
  const listing = useActivity();
  const part = usePartClass();
  const { rootClass, within } = useFrame(props);
  const panel = useRef<HTMLElement>(null);
  const [isAll, setIsAll] = useState(false);
  const items = isAll ? listing.items : (listing.items?.slice(0, shownFirst) ?? null);

  function showAll() {
    setIsAll(true);
    // The button goes; whoever uses a keyboard goes on at the list.
    panel.current?.focus();
  }

  /** In words; a kind that is newer than this package is named as the service names it. */
  const title = ({ event }: ActivityEvent) =>
    (Object.hasOwn(texts.events, event) && texts.events[event]) || event.replaceAll("_", " ");
  const facts = ({ at, event, network, detail, by }: ActivityEvent) => [
    <time key="at" dateTime={at}>
      {times.moment(at)}
    </time>,
    network && texts.activityNetwork(network),
    detail && texts.activityDetail(event, detail),
    by === "operator" && texts.activityByOperator,
  ];
  return within(
    <section ref={panel} tabIndex={-1} className={rootClass("wg-panel")} aria-label={texts.activity}>
      <Messages
        error={listing.error}
        retryIn={listing.retryIn}
        success={null}
        busy={listing.items === null && listing.isPending ? times.loading : null}
      />
      <List listing={{ ...listing, items }} label={texts.activity} none={texts.activityNone}>
        {(event, index) => <Item key={`${event.at} ${index}`} title={title(event)} facts={facts(event)} />}
      </List>
      {items !== null && items.length < (listing.items?.length ?? 0) && (
        <div className="wg-row">
          <button
            type="button"
            className={part("wg-button wg-secondary wg-small", "secondaryButton")}
            onClick={showAll}
          >
            {texts.activityAll}
          </button>
        </div>
      )}
    </section>,
  );
}
