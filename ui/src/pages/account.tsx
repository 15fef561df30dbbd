import { Fragment, type ReactNode } from "react";
import { LogoutButton, type User, useSession } from "../index.js";
import { Brand } from "./brand.js";
import { PATHS, type PageConfig } from "./config.js";
import { AFTER_LOGOUT } from "./login-page.js";
import { Unreachable } from "./unreachable.js";
import { Waiting } from "./waiting.js";

const PAGES = { profile: "Profile", security: "Security" } as const;

interface AccountProps {
  config: PageConfig;
  page: keyof typeof PAGES;
  children: (user: User) => ReactNode;
}

/** The frame of the pages for who is signed in. */
export function Account({ config, page, children }: AccountProps) {
  const { data, isPending, error, refetch } = useSession({ required: true });
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-3xl flex-col px-4 pb-16">
      <header className="flex min-h-20 flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
        <Brand config={config} />
        {/* Always in its place: it still has something to say when the session is already gone. */}
        <LogoutButton redirectTo={AFTER_LOGOUT} className={data ? "compact" : "hidden"} />
      </header>
      {data && <Tabs page={page} />}
      <main className="flex flex-col gap-6 pt-2 sm:pt-6">
        {/* What one person has typed or was shown is gone when another logs in. */}
        {data && <Fragment key={data.user.id}>{children(data.user)}</Fragment>}
        {!data && error && !isPending && <Unreachable message={error.message} onRetry={refetch} />}
        {!data && (isPending || !error) && <Waiting />}
      </main>
    </div>
  );
}

function Tabs({ page }: { page: AccountProps["page"] }) {
  return (
    <nav aria-label="Account" className="tabs">
      {(Object.keys(PAGES) as (keyof typeof PAGES)[]).map((name) => (
        <a key={name} href={PATHS[name]} aria-current={name === page ? "page" : undefined}>
          {PAGES[name]}
        </a>
      ))}
    </nav>
  );
}

interface CardProps {
  title: string;
  lead: string;
  children: ReactNode;
}

/** One concern, in a box of its own. */
export function Card({ title, lead, children }: CardProps) {
  return (
    <section className="card p-6 sm:p-8">
      <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
      <p className="mt-0.5 mb-6 text-muted">{lead}</p>
      {children}
    </section>
  );
}
