"use client";

import { bioLength, LIMITS } from "../../client/rules.js";
import { useTexts } from "../../react/context.js";
import { type Styled, useFrame } from "../../react/frame.js";
import { profileTexts, verificationTexts } from "../../react/texts.js";
import { type UseProfileOptions, useProfile } from "../../react/use-profile.js";
import { BusyButton } from "../busy-button/index.js";
import { EmailField } from "../email-field/index.js";
import { Field } from "../field/index.js";
import { Messages } from "../messages/index.js";
import { ResendVerification } from "../resend-verification/index.js";

export interface ProfileFormProps extends UseProfileOptions, Styled {}

/** Name, email and bio of the person signed in. */
export function ProfileForm({ className, classNames, ...options }: ProfileFormProps) {
  const texts = { ...useTexts(profileTexts), ...useTexts(verificationTexts) };
  const { email, emailVerified, pendingEmail } = options.user;
  const form = useProfile(options);
  const { rootClass, within } = useFrame({ className, classNames });
  const bio = form.field("bio");
  return within(
    <form {...form.formProps} className={rootClass("wg-form wg-profile")}>
      <Field field={form.field("name")} label={texts.name} autoComplete="name" />
      <EmailField
        field={form.field("email")}
        autoComplete="email"
        hint={pendingEmail && texts.pendingEmail(pendingEmail)}
      />
      {emailVerified === false && (
        <div className="wg-stack wg-note">
          <p>{texts.notVerified}</p>
          <ResendVerification email={email} />
        </div>
      )}
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
