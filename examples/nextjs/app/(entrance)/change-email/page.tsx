import { ConfirmEmailChange } from "@wicketgate/react";
import type { Metadata } from "next";

export const metadata: Metadata = { title: "Your new address", referrer: "no-referrer" };

export default function ChangeEmailPage() {
  return (
    <main className="card">
      <h1>Your new address</h1>
      <p className="lead">Press the button, and from then on you log in with it.</p>
      <ConfirmEmailChange continueHref="/profile" />
    </main>
  );
}
