import type { User } from "../index.js";

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

function date(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? iso : DATE.format(moment);
}

const initial = (name: string) => [...name.trim()][0]?.toUpperCase() ?? "?";
const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Who is signed in. */
export function Person({ user }: { user: User }) {
  return (
    <div className="flex items-center gap-4 sm:gap-5">
      <span
        aria-hidden="true"
        className="grid size-14 shrink-0 place-items-center rounded-full bg-brand text-2xl font-semibold text-on-brand sm:size-16"
      >
        {initial(user.name)}
      </span>
      <div className="min-w-0">
        <h1 dir="auto" className="text-2xl font-semibold tracking-tight wrap-anywhere">
          {user.name}
        </h1>
        <p className="text-muted wrap-anywhere">{user.email}</p>
        <p className="text-sm text-muted">
          {capitalised(user.plan)} plan · member since{" "}
          <time dateTime={user.createdAt}>{date(user.createdAt)}</time>
        </p>
      </div>
    </div>
  );
}
