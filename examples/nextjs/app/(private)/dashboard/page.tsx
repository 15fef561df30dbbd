import type { Metadata } from "next";
import Link from "next/link";
import { SignedInAs } from "@/components/signed-in-as";
import { requireUser } from "@/lib/session";

export const metadata: Metadata = { title: "Dashboard" };

const date = (iso: string) =>
  new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));

export default async function DashboardPage() {
  const user = await requireUser("/dashboard");
  return (
    <SignedInAs user={user}>
      <h1>Hello, {user.name}</h1>
      <p className="lead">This page was rendered on the server, for you alone.</p>
      <dl className="card facts">
        <div>
          <dt>Email</dt>
          <dd>{user.email}</dd>
        </div>
        <div>
          <dt>Plan</dt>
          <dd>{user.plan}</dd>
        </div>
        <div>
          <dt>Member since</dt>
          <dd>{date(user.createdAt)}</dd>
        </div>
        <div>
          <dt>About you</dt>
          <dd>{user.bio ?? <Link href="/profile">Say something about yourself</Link>}</dd>
        </div>
      </dl>
    </SignedInAs>
  );
}
