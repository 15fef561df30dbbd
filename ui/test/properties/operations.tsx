import { act, cleanup, fireEvent } from "@testing-library/react";
import type { ReactElement } from "react";
import { vi } from "vitest";
import {
  ApiTokenPanel,
  ApiTokensPanel,
  ChangePasswordForm,
  ConfirmEmailChange,
  DeleteAccountForm,
  ForgotPasswordForm,
  LoginForm,
  LogoutButton,
  LogoutEverywhereButton,
  ProfileForm,
  ResendVerification,
  ResetPasswordForm,
  SessionsPanel,
  SignupForm,
  UndoEmailChange,
  type User,
  VerifyEmail,
} from "../../src/index.js";
import { renderApp } from "../app.js";
import { ADA, failure, haveSession, json, later, SESSIONS, serve, TOKENS } from "../service.js";

/** One operation a person can start: how it looks, what it asks the service and what success looks like. */
export interface Operation {
  name: string;
  element: ReactElement;
  route: string;
  /** How often the client asks when the service is in trouble: more than once only where that is safe. */
  attempts: number;
  values: Record<string, string>;
  /** Something is different afterwards, which the page then confirms. */
  changes: boolean;
  /** Buttons to press, one after the other. */
  press: RegExp[];
  success: (user: User) => Response;
  /** What stands after `#` in the address that leads here. */
  token?: string;
  /** Buttons to press before the fields are there. */
  first?: RegExp[];
}

const told = () => json(200, { success: true, message: "Done" });
const credentials = { email: "ada@example.com", password: "correct horse" };

export const OPERATIONS: Operation[] = [
  {
    name: "login",
    element: <LoginForm />,
    route: "POST /api/auth/login",
    attempts: 1,
    values: credentials,
    changes: true,
    press: [/^log in$/i],
    success: (user) =>
      json(200, { success: true, message: "Welcome", token: "jwt", user, api_token: "wg_1" }),
  },
  {
    name: "sign-up",
    element: <SignupForm />,
    route: "POST /api/auth/signup",
    attempts: 1,
    values: credentials,
    changes: true,
    press: [/^create account$/i],
    success: (user) => json(201, { success: true, message: "Account created", user, api_token: "wg_1" }),
  },
  {
    name: "logout",
    element: <LogoutButton />,
    route: "POST /api/auth/logout",
    attempts: 3,
    values: {},
    changes: true,
    press: [/^log out$/i],
    success: () => json(200, { success: true }),
  },
  {
    name: "profile update",
    element: <ProfileForm user={ADA} />,
    route: "PUT /api/profile/update",
    attempts: 3,
    values: { name: "Ada Lovelace" },
    changes: true,
    press: [/^save changes$/i],
    success: (user) => json(200, { success: true, user }),
  },
  {
    name: "API token",
    element: <ApiTokenPanel />,
    route: "GET /api/auth/api-token",
    attempts: 3,
    values: {},
    changes: false,
    press: [/^show token$/i],
    success: () => json(200, { success: true, api_token: "wg_1" }),
  },
  {
    name: "new API token",
    element: <ApiTokenPanel />,
    route: "POST /api/auth/api-token/rotate",
    attempts: 1,
    values: {},
    changes: true,
    press: [/^replace token$/i, /^replace the token$/i],
    success: () => json(200, { success: true, api_token: "wg_2" }),
  },
  {
    name: "forgotten password",
    element: <ForgotPasswordForm />,
    route: "POST /api/auth/password/forgot",
    attempts: 1,
    values: { email: "ada@example.com" },
    changes: true,
    press: [/^send me a link$/i],
    success: told,
  },
  {
    name: "new password by link",
    element: <ResetPasswordForm />,
    route: "POST /api/auth/password/reset",
    attempts: 1,
    values: { password: "correct horse" },
    changes: true,
    press: [/^save the new password$/i],
    success: told,
    token: "secret.user",
  },
  {
    name: "change of password",
    element: <ChangePasswordForm />,
    route: "POST /api/auth/password/change",
    attempts: 1,
    values: { current_password: "old", password: "correct horse" },
    changes: true,
    press: [/^change password$/i],
    success: () => json(200, { success: true, message: "Password changed", token: "jwt" }),
  },
  {
    name: "confirmation of an address",
    element: <VerifyEmail />,
    route: "POST /api/auth/email/verify",
    attempts: 1,
    values: {},
    changes: true,
    press: [/^confirm my address$/i],
    success: told,
    token: "secret.user",
  },
  {
    name: "another link to confirm",
    element: <ResendVerification email="ada@example.com" />,
    route: "POST /api/auth/email/resend",
    attempts: 1,
    values: {},
    changes: true,
    press: [/^send the link again$/i],
    success: told,
  },
  {
    name: "new address",
    element: <ConfirmEmailChange />,
    route: "POST /api/auth/email/change/confirm",
    attempts: 1,
    values: {},
    changes: true,
    press: [/^use this address$/i],
    success: told,
    token: "secret.user",
  },
  {
    name: "old address again",
    element: <UndoEmailChange />,
    route: "POST /api/auth/email/change/undo",
    attempts: 1,
    values: {},
    changes: true,
    press: [/^undo the change$/i],
    success: told,
    token: "secret.user",
  },
  {
    name: "logout everywhere",
    element: <LogoutEverywhereButton />,
    route: "POST /api/auth/logout-everywhere",
    attempts: 3,
    values: {},
    changes: true,
    press: [/^log out everywhere$/i],
    success: () => json(200, { success: true }),
  },
  {
    name: "deletion",
    element: <DeleteAccountForm />,
    route: "POST /api/account/delete",
    attempts: 1,
    values: { password: "correct horse" },
    changes: true,
    first: [/^delete account$/i],
    press: [/^delete my account for good$/i],
    success: () => json(200, { success: true }),
  },
  {
    name: "end of a session",
    element: <SessionsPanel />,
    route: "POST /api/auth/sessions/end",
    attempts: 3,
    values: {},
    changes: true,
    press: [/^end the session of safari/i],
    success: () => json(200, { success: true }),
  },
  {
    name: "named API token",
    element: <ApiTokensPanel />,
    route: "POST /api/auth/api-tokens",
    attempts: 1,
    values: { name: "Backup" },
    changes: true,
    first: [/^new token$/i],
    press: [/^create token$/i],
    success: () => json(201, { success: true, api_token: "wg_3", token: { ...TOKENS[0], id: "t3" } }),
  },
  {
    name: "end of a named API token",
    element: <ApiTokensPanel />,
    route: "POST /api/auth/api-tokens/revoke",
    attempts: 3,
    values: {},
    changes: true,
    press: [/^revoke the token backup$/i, /^revoke the token$/i],
    success: () => json(200, { success: true }),
  },
];

export const NAMES = OPERATIONS.map(({ name }) => name);

/** By its name, so that a counterexample names it as well. */
export function operationNamed(wanted: string): Operation {
  const found = OPERATIONS.find(({ name }) => name === wanted);
  if (!found) throw new Error(`no operation ${wanted}`);
  return found;
}

export type Fault = 400 | 403 | 429 | 500 | 503 | "network";

export const FAULTS: Fault[] = [400, 403, 429, 500, 503, "network"];

export function fault(kind: Fault): Response {
  if (kind === "network") throw new TypeError("Failed to fetch");
  return failure(kind, `Fault ${kind}`, {}, kind === 429 ? { "Retry-After": "30" } : {});
}

export const isTransient = (kind: Fault | "success") => kind === 500 || kind === 503 || kind === "network";

export const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

function press(container: HTMLElement, names: RegExp[]) {
  for (const name of names) {
    const buttons = [...container.querySelectorAll("button")];
    const button = buttons.find(({ textContent }) => name.test(textContent ?? ""));
    if (!button) throw new Error(`no button ${name}`);
    fireEvent.click(button);
  }
}

/** Renders the operation over a service that answers as told after `delay`, starts it, and counts the answers. */
export async function start(operation: Operation, delay: number, answer: () => Response) {
  cleanup();
  haveSession();
  history.replaceState(null, "", operation.token === undefined ? "/" : `/#${operation.token}`);
  let answered = 0;
  serve({
    "GET /api/profile": () => json(200, { success: true, user: ADA }),
    "GET /api/auth/sessions": () => json(200, { success: true, sessions: SESSIONS }),
    "GET /api/auth/api-tokens": () => json(200, { success: true, tokens: TOKENS }),
    [operation.route]: () =>
      later(delay, () => {
        answered += 1;
        return answer();
      }),
  });
  const { container } = renderApp(operation.element);
  await pass(0);
  press(container, operation.first ?? []);
  for (const [name, value] of Object.entries(operation.values)) {
    const field = container.querySelector(`[name=${name}]`);
    if (!field) throw new Error(`no field ${name}`);
    fireEvent.change(field, { target: { value } });
  }
  press(container, operation.press);
  return { container, answered: () => answered };
}

/** What a person sees and hears of work going on. */
export function indicators(container: HTMLElement) {
  const spinner = container.querySelector("[data-wg-spinner]");
  return {
    spinner: spinner !== null,
    locked: spinner?.closest("button")?.getAttribute("aria-disabled") === "true",
    announced: [...container.querySelectorAll("[role=status]")].some(({ textContent }) =>
      /…$/.test(textContent ?? ""),
    ),
  };
}

/** The confirmations a person sees: in a region that is read out, and not for screen readers alone. */
export function confirmations(container: HTMLElement): string[] {
  const shown = [...container.querySelectorAll("[role=status] p:not(.wg-hidden)")];
  return shown.map(({ textContent }) => textContent ?? "").filter(Boolean);
}
