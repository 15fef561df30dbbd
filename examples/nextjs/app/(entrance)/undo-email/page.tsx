import { UndoEmailChange } from "@wicketgate/react";
import type { Metadata } from "next";

export const metadata: Metadata = { title: "Undo the change", referrer: "no-referrer" };

export default function UndoEmailPage() {
  return (
    <main className="card">
      <h1>Undo the change</h1>
      <p className="lead">Your account gets its old address again. Its password stops working, and every session ends.</p>
      <UndoEmailChange forgotHref="/forgot-password" />
    </main>
  );
}
