import Link from "next/link";
import { Brand } from "@/components/brand";
import { currentUser } from "@/lib/session";

export default async function HomePage() {
  const user = await currentUser();
  return (
    <main className="hero">
      <Brand />
      <h1>{user ? `Good to see you, ${user.name}.` : "A place for what you grow."}</h1>
      <p className="lead">An example of Wicketgate with Next.js: sign-up, login, and pages of one’s own.</p>
      <p className="actions">
        {user ? (
          <Link href="/dashboard" className="action">
            Open your dashboard
          </Link>
        ) : (
          <>
            <Link href="/signup" className="action">
              Create an account
            </Link>
            <Link href="/login" className="action quiet">
              Log in
            </Link>
          </>
        )}
      </p>
    </main>
  );
}
