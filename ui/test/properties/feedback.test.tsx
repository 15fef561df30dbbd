import { cleanup, fireEvent } from "@testing-library/react";
import fc from "fast-check";
import type { ReactElement } from "react";
import { expect, test, vi } from "vitest";
import {
  ChangePasswordForm,
  ForgotPasswordForm,
  LoginForm,
  ProfileForm,
  ResetPasswordForm,
  SignupForm,
} from "../../src/index.js";
import { renderApp } from "../app.js";
import { ADA, failure, serve } from "../service.js";
import { pass } from "./operations.js";

// What is typed and what the service would say to it, paired by construction: the rules under test are not asked.
type Typed = { value: string; problem: string | null };
type Form = { element: ReactElement; route: string; fields: Record<string, fc.Arbitrary<Typed>> };

const wrong = (problem: string, ...values: fc.Arbitrary<string>[]) =>
  fc.oneof(...values).map((value): Typed => ({ value, problem }));
const right = (value: fc.Arbitrary<string>) => value.map((text): Typed => ({ value: text, problem: null }));
const letters = (minLength: number, maxLength: number) =>
  fc
    .array(fc.constantFrom("a", "é", "ß", "中", "𝒳", "😀", "Z", "7"), { minLength, maxLength })
    .map((characters) => characters.join(""));
const blank = fc.constantFrom("", " ", "\u202e", "\u2066\u2069", "\u0007", " \ufeff ");

const email = fc.oneof(
  right(fc.emailAddress()),
  wrong("Email is required", blank),
  wrong(
    "Enter a valid email address",
    letters(1, 20),
    letters(1, 9).map((text) => `${text}@${text}`),
  ),
  wrong(
    "Email must be at most 255 characters",
    letters(256, 300).map((text) => `${text}@example.com`),
  ),
);
const oldPassword = fc.oneof(right(letters(1, 200)), wrong("Password is required", fc.constant("")));
const newPassword = fc.oneof(
  right(letters(8, 128)),
  wrong("Password is required", fc.constant("")),
  wrong("Password must be at least 8 characters", letters(1, 7)),
  wrong("Password must be at most 128 characters", letters(129, 140)),
);
const tooLongName = wrong("Name must be at most 100 characters", letters(101, 120));
const name = fc.oneof(right(letters(1, 100)), wrong("Name is required", blank), tooLongName);
const optionalName = fc.oneof(right(letters(1, 100)), right(blank), tooLongName);
const bio = fc.oneof(
  right(fc.constantFrom("", "One\nTwo")),
  right(letters(0, 500)),
  wrong("Bio must be at most 500 characters", letters(501, 520)),
);

const FORMS: Record<string, Form> = {
  login: {
    element: <LoginForm />,
    route: "POST /api/auth/login",
    fields: { email, password: oldPassword },
  },
  signup: {
    element: <SignupForm />,
    route: "POST /api/auth/signup",
    fields: { name: optionalName, email, password: newPassword },
  },
  profile: {
    element: <ProfileForm user={ADA} />,
    route: "PUT /api/profile/update",
    fields: { name, email, bio },
  },
  forgot: { element: <ForgotPasswordForm />, route: "POST /api/auth/password/forgot", fields: { email } },
  reset: {
    element: <ResetPasswordForm />,
    route: "POST /api/auth/password/reset",
    fields: { password: newPassword },
  },
  change: {
    element: <ChangePasswordForm />,
    route: "POST /api/auth/password/change",
    fields: { current_password: oldPassword, password: newPassword },
  },
};

const submissions = fc.constantFrom(...Object.keys(FORMS)).chain((name) => {
  const fields = FORMS[name]?.fields ?? {};
  // A message of the service: any text that is not blank.
  const message = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
    .map((text) => `Wrong: ${text}!`);
  return fc.record({
    form: fc.constant(name),
    typed: fc.record(fields),
    refused: fc
      .subarray(Object.keys(fields), { minLength: 1 })
      .chain((some) => fc.record(Object.fromEntries(some.map((field) => [field, message])))),
  });
});

function control(container: HTMLElement, field: string) {
  const found = container.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name=${field}]`);
  if (!found) throw new Error(`no field ${field}`);
  return found;
}

/** The error shown for a field: beside it, marked, and tied to it for assistive technology. */
function shownError(container: HTMLElement, field: string): string | null {
  const input = control(container, field);
  if (input.getAttribute("aria-invalid") !== "true") return null;
  const ids = (input.getAttribute("aria-describedby") ?? "").split(" ");
  const beside = input.closest(".wg-field")?.querySelector(".wg-error");
  return beside && ids.includes(beside.id) ? beside.textContent : "not tied to the field";
}

// Feature: user-authentication, Property 18: For any form submission with validation errors, the UI should display clear error messages near the relevant fields indicating what needs to be corrected.
test("Property 18: Form validation provides clear feedback", async () => {
  vi.useFakeTimers();
  const seen = { local: 0, remote: 0 };
  await fc.assert(
    fc.asyncProperty(submissions, async ({ form: formName, typed, refused }) => {
      const form = FORMS[formName];
      if (!form) throw new Error(formName);
      cleanup();
      history.replaceState(null, "", "/#secret.user");
      const first = Object.values(refused)[0] ?? "";
      const field = Object.keys(refused)[0];
      const { calls } = serve({ [form.route]: () => failure(400, first, { field, errors: refused }) });
      const { container } = renderApp(form.element);
      await pass(0);
      for (const [name, { value }] of Object.entries(typed)) {
        fireEvent.change(control(container, name), { target: { value } });
      }

      fireEvent.submit(container.querySelector("form") ?? container);
      await pass(0);

      const problems = Object.fromEntries(
        Object.entries(typed).map(([name, { problem }]) => [name, problem]),
      );
      const isLocal = Object.values(problems).some((problem) => problem !== null);
      seen[isLocal ? "local" : "remote"] += 1;
      expect(calls).toHaveLength(isLocal ? 0 : 1);
      const expected = isLocal ? problems : { ...problems, ...refused };
      for (const [name, problem] of Object.entries(expected)) {
        expect([name, shownError(container, name)]).toEqual([name, problem]);
      }
      const firstWrong = Object.keys(form.fields).find((name) => expected[name] !== null) ?? "";
      expect(document.activeElement).toBe(control(container, firstWrong));
    }),
    { numRuns: 300 },
  );
  expect(Math.min(seen.local, seen.remote)).toBeGreaterThan(0);
}, 120_000);
