"use client";

import { cleanBlock, cleanLine } from "../client/clean.js";
import type { FieldErrors } from "../client/errors.js";
import { bioRule, emailRule, nameRule } from "../client/rules.js";
import type { UpdateProfileRequest, UpdateProfileResponse, User } from "../client/types.js";
import { useWicketgate } from "./context.js";
import { type Form, useForm, type Values } from "./use-form.js";

const RULES = { name: nameRule, email: emailRule, bio: bioRule };
type Name = keyof typeof RULES;

export interface UseProfileOptions {
  user: User;
  onUpdate?: ((user: User) => void) | undefined;
  errors?: FieldErrors | undefined;
}

const fieldsOf = (user: User): Values<Name> => ({ name: user.name, email: user.email, bio: user.bio ?? "" });

/** Only what was changed, so that a change made elsewhere in the meantime is not undone. */
export function profileChanges(user: User, values: Values<Name>): UpdateProfileRequest {
  const before = fieldsOf(user);
  const after: Values<Name> = {
    name: cleanLine(values.name),
    email: cleanLine(values.email),
    bio: cleanBlock(values.bio),
  };
  const changed = (Object.keys(after) as Name[]).filter((name) => after[name] !== before[name]);
  return Object.fromEntries(changed.map((name) => [name, after[name]]));
}

/** Changing one's profile, without markup. */
export function useProfile({ user, onUpdate, errors }: UseProfileOptions): Form<Name, UpdateProfileResponse> {
  const { client, session } = useWicketgate();
  return useForm<Name, UpdateProfileResponse>({
    rules: RULES,
    initial: fieldsOf(user),
    owner: user.id,
    errors,
    needsSession: true,
    send: (values) => client.updateProfile(profileChanges(user, values)),
    // The service may have cleaned what was typed.
    kept: (response) => fieldsOf(response.user),
    onSuccess: (response) => {
      session.changed(response.user);
      onUpdate?.(response.user);
      return false;
    },
  });
}
