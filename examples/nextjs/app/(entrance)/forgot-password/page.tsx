import { ForgotPasswordForm } from "@wicketgate/react";
import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Forgotten password" };

export default function ForgotPasswordPage() {
  return (
    <>
      <main className="card">
        <h1>Forgot your password?</h1>
        <p className="lead">Enter your address and we will send you a link to choose a new one.</p>
        <ForgotPasswordForm />
      </main>
      <footer>
        Remembered it? <Link href="/login">Log in</Link>
      </footer>
    </>
  );
}
