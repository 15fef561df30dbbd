import { LoginForm } from "@wicketgate/react";
import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Log in" };

export default function LoginPage() {
  return (
    <>
      <main className="card">
        <h1>Welcome back</h1>
        <p className="lead">Log in to Orchard.</p>
        <LoginForm redirectTo="/dashboard" forgotHref="/forgot-password" />
      </main>
      <footer>
        New here? <Link href="/signup">Create an account</Link>
      </footer>
    </>
  );
}
