import { UndoEmailChange } from "@wicketgate/react";
import type { Metadata } from "next";

export const metadata: Metadata = { title: "Take the change back", referrer: "no-referrer" };

export default function UndoEmailPage() {
  return (
    <main className="card">
      <h1>Take the change back</h1>
      <p className="lead">Your account gets its old address again, and every session ends.</p>
      <UndoEmailChange forgotHref="/forgot-password" />
    </main>
  );
}
