"use client";

import type { ActivityEvent } from "../../client/account-types.js";
import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { activityTexts, listTexts } from "../../react/texts.js";
import { useActivity } from "../../react/use-activity.js";
import { Item, List } from "../list/index.js";
import { Messages } from "../messages/index.js";

export interface ActivityListProps extends Styled {}

/** What happened to the account, newest first. */
export function ActivityList(props: ActivityListProps) {
  const texts = useTexts(activityTexts);
  const times = useTexts(listTexts);
  const listing = useActivity();
  const { rootClass, within } = useFrame(props);

  /** In words; a kind that is newer than this package is named as the service names it. */
  const title = ({ event }: ActivityEvent) =>
    (Object.hasOwn(texts.events, event) && texts.events[event]) || event.replaceAll("_", " ");
  const facts = ({ at, network, detail, by }: ActivityEvent) => [
    <time key="at" dateTime={at}>
      {times.moment(at)}
    </time>,
    network && texts.activityNetwork(network),
    detail,
    by === "operator" && texts.activityByOperator,
  ];
  return within(
    <section className={rootClass("wg-panel")} aria-label={texts.activity}>
      <Messages
        error={listing.error}
        retryIn={listing.retryIn}
        success={null}
        busy={listing.items === null && listing.isPending ? times.loading : null}
      />
      <List listing={listing} label={texts.activity} none={texts.activityNone}>
        {(event, index) => <Item key={`${event.at} ${index}`} title={title(event)} facts={facts(event)} />}
      </List>
    </section>,
  );
}
