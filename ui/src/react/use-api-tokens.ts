"use client";

import { useState } from "react";
import { createApiToken, listApiTokens, revokeApiToken } from "../client/account.js";
import type {
  CreateApiTokenRequest,
  CreateApiTokenResponse,
  Done,
  NamedApiToken,
} from "../client/account-types.js";
import { cleanLine } from "../client/clean.js";
import type { FieldErrors } from "../client/errors.js";
import { nameRule, type Rule } from "../client/rules.js";
import { useWicketgate } from "./context.js";
import { type Action, useAction } from "./use-action.js";
import { type Form, useForm } from "./use-form.js";
import { type Listing, useListing } from "./use-listing.js";

export interface UseApiTokens extends Listing<NamedApiToken> {
  /** Makes one useless, by its id. */
  revoke: Action<string, Done>;
  /** The id of the token that is being revoked, or was revoked last. */
  revokedId: string | null;
}

/** The named API tokens, without markup. */
export function useApiTokens(): UseApiTokens {
  const { client } = useWicketgate();
  const listing = useListing(async () => (await listApiTokens(client)).tokens);
  const [revokedId, setRevokedId] = useState<string | null>(null);
  const revoke = useAction<string, Done>({
    needsSession: true,
    async call(id) {
      setRevokedId(id);
      const done = await revokeApiToken(client, { id });
      listing.change((tokens) => tokens.filter((token) => token.id !== id));
      return done;
    },
  });
  return { ...listing, revoke, revokedId };
}

// What a scope may look like, how many there may be and how long a token may last is the service's to say.
const anything: Rule = () => null;
const wholeNumber: Rule = (value) => (/^\d*$/.test(value.trim()) ? null : "Enter a whole number");
const RULES = { name: nameRule, scopes: anything, expires_in_days: wholeNumber, limit: wholeNumber };
type Name = keyof typeof RULES;

const NOTHING = { name: "", scopes: "", limit: "" };

export interface UseCreateApiTokenOptions {
  onSuccess?: ((response: CreateApiTokenResponse) => void) | undefined;
  /** Chosen at first. Default: 90. "" stands for a token without an end. */
  expiresInDays?: string | undefined;
  errors?: FieldErrors | undefined;
}

/** What was typed as the service takes it. What was left empty is left out. */
export function tokenRequest(values: Record<Name, string>): CreateApiTokenRequest {
  const scopes = cleanLine(values.scopes)
    .split(/[\s,]+/)
    .filter(Boolean);
  const number = (text: string) => (text.trim() === "" ? undefined : Number(text));
  const wanted = {
    name: cleanLine(values.name),
    scopes: scopes.length > 0 ? scopes : undefined,
    expires_in_days: number(values.expires_in_days),
    limit: number(values.limit),
  };
  return JSON.parse(JSON.stringify(wanted));
}

/** Making a named API token, without markup. Its secret is in the answer, and nowhere ever again. */
export function useCreateApiToken({
  onSuccess,
  expiresInDays = "90",
  errors,
}: UseCreateApiTokenOptions = {}): Form<Name, CreateApiTokenResponse> {
  const { client } = useWicketgate();
  return useForm<Name, CreateApiTokenResponse>({
    rules: RULES,
    initial: { ...NOTHING, expires_in_days: expiresInDays },
    errors,
    needsSession: true,
    send: (values) => createApiToken(client, tokenRequest(values)),
    onSuccess: (response) => {
      onSuccess?.(response);
      return false;
    },
  });
}
