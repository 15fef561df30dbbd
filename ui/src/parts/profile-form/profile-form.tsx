"use client";

import { bioLength, LIMITS } from "../../client/rules.js";
import { useWicketgate } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { type UseProfileOptions, useProfile } from "../../react/use-profile.js";
import { BusyButton } from "../busy-button/index.js";
import { Field } from "../field/index.js";
import { Messages } from "../messages/index.js";

export interface ProfileFormProps extends UseProfileOptions, Styled {}

/** Name, email and bio of the person signed in. */
export function ProfileForm({ className, classNames, ...options }: ProfileFormProps) {
  const { texts } = useWicketgate();
  const form = useProfile(options);
  const { rootClass, within } = useFrame({ className, classNames });
  const bio = form.field("bio");
  return within(
    <form {...form.formProps} className={rootClass("wg-form wg-profile")}>
      <Field field={form.field("name")} label={texts.name} autoComplete="name" />
      <Field
        field={form.field("email")}
        label={texts.email}
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Field
        field={bio}
        label={texts.bio}
        optional={texts.optional}
        multiline
        rows={4}
        hint={texts.bioHint(LIMITS.bioMax - bioLength(bio.value))}
      />
      <Messages
        error={form.error}
        retryIn={form.retryIn}
        success={form.isSuccess ? texts.saved : null}
        busy={form.isPending ? texts.saving : null}
      />
      <BusyButton
        label={texts.save}
        busyLabel={texts.saving}
        isPending={form.isPending}
        isLocked={form.isLocked}
      />
    </form>,
  );
}
