import { ApiTokenPanel } from "@wicketgate/react";
import type { Metadata } from "next";
import { SignedInAs } from "@/components/signed-in-as";
import { requireUser } from "@/lib/session";
import { Profile } from "./profile";

export const metadata: Metadata = { title: "Profile" };

export default async function ProfilePage() {
  const user = await requireUser("/profile");
  return (
    <SignedInAs user={user}>
      <h1>Your profile</h1>
      <section className="card">
        <h2>About you</h2>
        <Profile user={user} />
      </section>
      <section className="card">
        <h2>API token</h2>
        <p className="lead">Lets your scripts and services act in your name.</p>
        <ApiTokenPanel />
      </section>
    </SignedInAs>
  );
}
