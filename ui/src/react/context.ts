"use client";

import { type ComponentType, createContext, type ReactNode, useContext, useMemo } from "react";
import { type Client, createClient } from "../client/client.js";
import { createGate, type Gate } from "../client/gate.js";
import { createSession, type Session } from "../client/session.js";
import { Anchor } from "./anchor.js";
import { type BaseTexts, baseTexts } from "./texts.js";

export interface LinkProps {
  href: string;
  className?: string;
  children?: ReactNode;
}

export interface Wicketgate {
  client: Client;
  session: Session;
  gate: Gate;
  /** Those that every component may show, and whatever the application gave. */
  texts: BaseTexts;
  Link: ComponentType<LinkProps>;
  navigate: (to: string) => void;
  loginPath: string;
}

export interface Environment {
  baseUrl: string;
  client?: Client | undefined;
  loginPath: string;
  navigate: (to: string) => void;
}

/** The part of the context that must stay the same object while the application runs. */
export function connect({ baseUrl, client = createClient({ baseUrl }), loginPath, navigate }: Environment) {
  return { client, session: createSession(client, baseUrl), gate: createGate(loginPath, navigate) };
}

export const LOGIN_PATH = "/login";

export const navigateByLoading = (to: string) => location.assign(to);

let standard: Wicketgate | null = null;

// Components work without a provider. On a server this object is shared by all requests, which is safe only
// because nothing is ever asked or stored there: sessions are fetched by subscribers, and those are in browsers.
function withoutProvider(): Wicketgate {
  const navigate = navigateByLoading;
  standard ??= {
    ...connect({ baseUrl: "", loginPath: LOGIN_PATH, navigate }),
    texts: baseTexts,
    Link: Anchor,
    navigate,
    loginPath: LOGIN_PATH,
  };
  return standard;
}

export const WicketgateContext = createContext<Wicketgate | null>(null);

export function useWicketgate(): Wicketgate {
  return useContext(WicketgateContext) ?? withoutProvider();
}

/** The texts of a group beside those that every component has. Those that the application gave come first. */
export function useTexts<Group extends object>(group: Group): BaseTexts & Group {
  const { texts } = useWicketgate();
  return useMemo(() => ({ ...group, ...texts }), [group, texts]);
}

/** A message of the service in the reader's language, where one was given. */
export function translate(texts: Pick<BaseTexts, "messages">, message: string): string {
  return Object.hasOwn(texts.messages, message) ? (texts.messages[message] ?? message) : message;
}
