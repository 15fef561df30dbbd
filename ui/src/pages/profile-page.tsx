import type { ReactNode } from "react";
import { ApiTokenPanel, LogoutButton, ProfileForm, type User, useSession } from "../index.js";
import { Brand } from "./brand.js";
import type { PageConfig } from "./config.js";
import { AFTER_LOGOUT } from "./login-page.js";
import { Person } from "./person.js";
import { Unreachable } from "./unreachable.js";
import { Waiting } from "./waiting.js";

export function ProfilePage({ config }: { config: PageConfig }) {
  const { data, isPending, error, refetch } = useSession({ required: true });
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-3xl flex-col px-4 pb-16">
      <header className="flex min-h-20 flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
        <Brand config={config} />
        {/* Always in its place: it still has something to say when the session is already gone. */}
        <LogoutButton redirectTo={AFTER_LOGOUT} className={data ? "compact" : "hidden"} />
      </header>
      <main className="flex flex-col gap-6 pt-2 sm:pt-6">
        {data && <SignedIn user={data.user} />}
        {!data && error && !isPending && <Unreachable message={error.message} onRetry={refetch} />}
        {!data && (isPending || !error) && <Waiting />}
      </main>
    </div>
  );
}

function SignedIn({ user }: { user: User }) {
  return (
    <>
      <Person user={user} />
      <Card title="Profile" lead="How you appear, and the address you log in with.">
        <ProfileForm user={user} />
      </Card>
      <Card title="API token" lead="Lets your scripts and services act in your name.">
        <ApiTokenPanel />
      </Card>
    </>
  );
}

function Card({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <section className="card p-6 sm:p-8">
      <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
      <p className="mt-0.5 mb-6 text-muted">{lead}</p>
      {children}
    </section>
  );
}
