import { ApiTokensPanel, ChangePasswordForm, DeleteAccountForm, LogoutEverywhereButton } from "@wicketgate/react";
import type { Metadata } from "next";
import { SignedInAs } from "@/components/signed-in-as";
import { requireUser } from "@/lib/session";

export const metadata: Metadata = { title: "Security" };

export default async function SecurityPage() {
  const user = await requireUser("/security");
  return (
    <SignedInAs user={user}>
      <h1>Security</h1>
      <section className="card">
        <h2>Password</h2>
        <p className="lead">Changing it logs you out everywhere but here.</p>
        <ChangePasswordForm />
      </section>
      <section className="card">
        <h2>Named API tokens</h2>
        <p className="lead">One for each script or service, with scopes and an expiry date.</p>
        <ApiTokensPanel />
      </section>
      <section className="card">
        <h2>Log out everywhere</h2>
        <p className="lead">Ends every session, in this browser and in all others.</p>
        <LogoutEverywhereButton redirectTo="/login" />
      </section>
      <section className="card">
        <h2>Delete account</h2>
        <p className="lead">Deletes everything we keep about you and frees your address.</p>
        <DeleteAccountForm redirectTo="/login" />
      </section>
    </SignedInAs>
  );
}
