import { SignupForm } from "@wicketgate/react";
import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Create an account" };

export default function SignupPage() {
  return (
    <>
      <main className="card">
        <h1>Create your account</h1>
        <p className="lead">It takes less than a minute.</p>
        <SignupForm />
      </main>
      <footer>
        Already have an account? <Link href="/login">Log in</Link>
      </footer>
    </>
  );
}
