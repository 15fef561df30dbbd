import { VerifyEmail } from "@wicketgate/react";
import type { Metadata } from "next";

export const metadata: Metadata = { title: "Confirm your address", referrer: "no-referrer" };

export default function VerifyEmailPage() {
  return (
    <main className="card">
      <h1>Confirm your address</h1>
      <p className="lead">One click, and we know that our email reaches you.</p>
      <VerifyEmail continueHref="/dashboard" />
    </main>
  );
}
