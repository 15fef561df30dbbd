"use client";

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { CreateApiTokenResponse } from "../../client/account-types.js";
import { usePartClass } from "../../react/parts.js";
import { useCreateApiToken } from "../../react/use-api-tokens.js";
import { BusyButton } from "../busy-button/index.js";
import { Done } from "../done/index.js";
import { Field, Select } from "../field/index.js";
import { Messages } from "../messages/index.js";
import { Secret } from "../secret/index.js";
import { useTokenTexts } from "./token-facts.js";

const DAYS = [30, 90, 365];

interface NewTokenProps {
  onCreate: (response: CreateApiTokenResponse) => void;
}

/** A button, then a form, then the new token, which is shown this once. */
export function NewToken({ onCreate }: NewTokenProps) {
  const texts = useTokenTexts();
  const part = usePartClass();
  const [isOpen, setIsOpen] = useState(false);
  const [made, setMade] = useState<CreateApiTokenResponse | null>(null);
  const [returning, setReturning] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const isClosed = !isOpen && made === null;

  useEffect(() => {
    if (returning && isClosed) opener.current?.focus();
  }, [returning, isClosed]);

  function close() {
    setIsOpen(false);
    setMade(null);
    setReturning(true);
  }

  function created(response: CreateApiTokenResponse) {
    setMade(response);
    setIsOpen(false);
    onCreate(response);
  }

  const secondary = part("wg-button wg-secondary", "secondaryButton");
  if (isOpen) return <TokenForm onCreate={created} onCancel={close} />;
  if (made) {
    return (
      <Done message={texts.tokenCreated} className="wg-confirm">
        <Secret value={made.api_token} label={made.token.name} isVisible onToggle={null} />
        <p className="wg-hint">{texts.tokenOnce}</p>
        <div className="wg-row">
          <button type="button" className={secondary} onClick={close}>
            {texts.tokenStored}
          </button>
        </div>
      </Done>
    );
  }
  return (
    <div className="wg-row">
      <button ref={opener} type="button" className={secondary} onClick={() => setIsOpen(true)}>
        {texts.tokenNewOne}
      </button>
    </div>
  );
}

interface TokenFormProps extends NewTokenProps {
  onCancel: () => void;
}

function TokenForm({ onCreate, onCancel }: TokenFormProps) {
  const texts = useTokenTexts();
  const part = usePartClass();
  const form = useCreateApiToken({ onSuccess: onCreate });
  const element = form.formProps.ref;

  useEffect(() => element.current?.querySelector("input")?.focus(), [element]);

  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !form.isPending) onCancel();
  };
  return (
    <form
      {...form.formProps}
      className="wg-form wg-confirm"
      aria-label={texts.tokenNewOne}
      onKeyDown={closeOnEscape}
    >
      <Messages
        error={form.error}
        retryIn={form.retryIn}
        success={null}
        busy={form.isPending ? texts.tokenCreating : null}
      />
      <Field
        field={form.field("name")}
        label={texts.tokenName}
        hint={texts.tokenNameHint}
        autoComplete="off"
      />
      <Field
        field={form.field("scopes")}
        label={texts.tokenScopes}
        optional={texts.optional}
        hint={texts.tokenScopesHint}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Select
        field={form.field("expires_in_days")}
        label={texts.tokenExpiry}
        options={[
          ...DAYS.map((days) => [String(days), texts.tokenExpiryDays(days)] as const),
          ["", texts.tokenExpiryNever],
        ]}
      />
      <Field
        field={form.field("limit")}
        label={texts.tokenLimit}
        optional={texts.optional}
        hint={texts.tokenLimitHint}
        inputMode="numeric"
        autoComplete="off"
      />
      <div className="wg-row">
        <BusyButton
          label={texts.tokenCreate}
          busyLabel={texts.tokenCreating}
          isPending={form.isPending}
          isLocked={form.isLocked}
        />
        <button
          type="button"
          className={part("wg-button wg-secondary", "secondaryButton")}
          disabled={form.isPending}
          onClick={onCancel}
        >
          {texts.tokenCancel}
        </button>
      </div>
    </form>
  );
}
