"use client";

import type { ReactNode } from "react";
import { useTexts } from "../../react/context.js";
import { usePartClass } from "../../react/parts.js";
import { listTexts } from "../../react/texts.js";
import type { Listing } from "../../react/use-listing.js";
import { BusyButton } from "../busy-button/index.js";
import { Spinner } from "../spinner/index.js";

interface ListProps<Entry> {
  listing: Listing<Entry>;
  label: string;
  /** Said when there is nothing to list. */
  none: string;
  children: (item: Entry, index: number) => ReactNode;
}

/** What was loaded, or that it is loading, or the button that tries again. What went wrong is said elsewhere. */
export function List<Entry>({ listing, label, none, children }: ListProps<Entry>) {
  const texts = useTexts(listTexts);
  const { items, error, isPending, isLocked } = listing;
  if (items === null && error !== null) {
    return (
      <div className="wg-row">
        <BusyButton
          type="button"
          part="secondaryButton"
          label={texts.tryAgain}
          context={label}
          busyLabel={texts.loading}
          isPending={isPending}
          isLocked={isLocked}
          onClick={listing.refetch}
        />
      </div>
    );
  }
  if (items === null) {
    return (
      isPending && (
        <p className="wg-hint wg-loading">
          <Spinner /> <span>{texts.loading}</span>
        </p>
      )
    );
  }
  if (items.length === 0) return <p className="wg-hint">{none}</p>;
  return (
    <ul className="wg-list" aria-label={label}>
      {items.map(children)}
    </ul>
  );
}

export interface ItemProps {
  title: ReactNode;
  /** Small facts, one after the other. */
  facts: readonly ReactNode[];
  /** A button or a question. */
  children?: ReactNode;
}

/** One entry of a list: what it is, some facts, and what can be done with it. */
export function Item({ title, facts, children }: ItemProps) {
  const part = usePartClass();
  return (
    <li className={part("wg-item", "item")}>
      <div className="wg-item-text">
        <p className="wg-item-title">{title}</p>
        <p className="wg-hint wg-facts">
          {facts.filter(Boolean).map((fact, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: facts have a fixed order and no state
            <span key={index}>{fact}</span>
          ))}
        </p>
      </div>
      {children}
    </li>
  );
}
