"use client";

import type { ReactNode } from "react";
import type { NamedApiToken } from "../../client/account-types.js";
import { useTexts } from "../../react/context.js";
import { listTexts, namedTokenTexts, tokenTexts } from "../../react/texts.js";

/** The texts of the first token and those of the named ones. */
export function useTokenTexts() {
  return { ...useTexts(tokenTexts), ...useTexts(namedTokenTexts) };
}

/** Returns the function that tells of a token what its owner may want to know. */
export function useTokenFacts(): (token: NamedApiToken) => ReactNode[] {
  const texts = useTexts(namedTokenTexts);
  const times = useTexts(listTexts);

  function expiry(expiresAt: string | undefined) {
    if (expiresAt === undefined) return texts.tokenNeverExpires;
    const isPast = Date.parse(expiresAt) <= Date.now();
    return (isPast ? texts.tokenExpired : texts.tokenExpires)(times.date(expiresAt));
  }

  return ({ scopes, createdAt, expiresAt, lastUsedAt, limit }) => [
    scopes.length === 0 ? texts.tokenAll : <code key="scopes">{scopes.join(" ")}</code>,
    texts.tokenCreatedAt(times.date(createdAt)),
    expiry(expiresAt),
    lastUsedAt === undefined ? texts.tokenUnused : texts.tokenUsed(times.moment(lastUsedAt)),
    limit !== undefined && texts.tokenLimited(limit),
  ];
}
