"use client";

import { WicketgateProvider } from "@wicketgate/react";
import Link from "next/link";
import type { ReactNode } from "react";

/**
 * Links are Next.js's. `navigate` is left as it is, loading the page anew: it is used where somebody else is signed
 * in than a moment ago, and nothing that the router has kept from before may be shown then.
 */
export function Providers({ children }: { children: ReactNode }) {
  return <WicketgateProvider Link={Link}>{children}</WicketgateProvider>;
}
