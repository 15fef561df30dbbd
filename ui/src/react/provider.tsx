"use client";

import { type ComponentType, type ReactNode, useCallback, useContext, useMemo } from "react";
import type { Client } from "../client/client.js";
import { Anchor } from "./anchor.js";
import { connect, type LinkProps, LOGIN_PATH, navigateByLoading, WicketgateContext } from "./context.js";
import type { Texts } from "./default-texts.js";
import { type ClassNames, mergeClassNames, PartsContext } from "./parts.js";
import { baseTexts } from "./texts.js";
import { useLatest } from "./use-latest.js";

export interface WicketgateProviderProps {
  children?: ReactNode;
  /** Where the service answers, without a slash at the end: a host of the same site. Default: this origin. */
  baseUrl?: string;
  /** A client of your own, instead of one for `baseUrl`. Make it once, outside of your components. */
  client?: Client;
  /** Any texts you want otherwise. */
  texts?: Partial<Texts>;
  /** Class names added to the parts of every component. */
  classNames?: ClassNames;
  /** Your router's link component; it is given `href`, `className` and children. */
  Link?: ComponentType<LinkProps>;
  /** Your router's way to go somewhere. Default: load the page. */
  navigate?: (to: string) => void;
  /** Where people log in; a dead session leads there. */
  loginPath?: string;
}

export function WicketgateProvider({
  children,
  baseUrl = "",
  client,
  texts,
  classNames,
  Link = Anchor,
  navigate = navigateByLoading,
  loginPath = LOGIN_PATH,
}: WicketgateProviderProps) {
  // Routers hand out a new function with every render; the session must survive that.
  const latest = useLatest(navigate);
  const go = useCallback((to: string) => latest.current(to), [latest]);
  const connection = useMemo(
    () => connect({ baseUrl, client, loginPath, navigate: go }),
    [baseUrl, client, loginPath, go],
  );
  const value = useMemo(
    () => ({ ...connection, texts: { ...baseTexts, ...texts }, Link, navigate: go, loginPath }),
    [connection, texts, Link, go, loginPath],
  );
  const outer = useContext(PartsContext);
  const parts = useMemo(() => mergeClassNames(outer, classNames), [outer, classNames]);
  return (
    <WicketgateContext.Provider value={value}>
      <PartsContext.Provider value={parts}>{children}</PartsContext.Provider>
    </WicketgateContext.Provider>
  );
}
