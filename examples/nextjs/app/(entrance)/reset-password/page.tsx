import { ResetPasswordForm } from "@wicketgate/react";
import type { Metadata } from "next";

export const metadata: Metadata = { title: "Choose a new password", referrer: "no-referrer" };

export default function ResetPasswordPage() {
  return (
    <main className="card">
      <h1>Choose a new password</h1>
      <p className="lead">It ends every session that is open.</p>
      <ResetPasswordForm forgotHref="/forgot-password" />
    </main>
  );
}
