import type { ReactNode } from "react";
import { Brand } from "./brand.js";
import type { PageConfig } from "./config.js";

interface EntranceProps {
  config: PageConfig;
  title: string;
  lead: string;
  notice?: string | null;
  footer: ReactNode;
  children: ReactNode;
}

/** The frame of the pages for people who are not signed in: one card, nothing to distract. */
export function Entrance({ config, title, lead, notice, footer, children }: EntranceProps) {
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-md flex-col px-4 py-8 sm:justify-center sm:py-14">
      <header className="mb-8 flex justify-center">
        <Brand config={config} />
      </header>
      <main className="card p-6 sm:p-9">
        <h1 className="text-2xl font-semibold tracking-tight text-balance wrap-anywhere">{title}</h1>
        <p className="mt-1.5 mb-7 text-muted">{lead}</p>
        {notice && (
          <p role="status" className="notice mb-6">
            {notice}
          </p>
        )}
        {children}
      </main>
      {footer && (
        <nav aria-label="Account" className="mt-6 text-center text-muted">
          {footer}
        </nav>
      )}
    </div>
  );
}
