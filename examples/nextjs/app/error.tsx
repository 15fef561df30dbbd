"use client";

/** Shown when the service cannot be asked who is signed in. */
export default function ErrorPage({ retry }: { retry: () => void }) {
  return (
    <main className="entrance">
      <title>Out of reach · Orchard</title>
      <div className="card" role="alert">
        <h1>We cannot reach your account</h1>
        <p className="lead">
          This is our fault, not yours, and you are not logged out. Please try again in a moment.
        </p>
        <button type="button" className="action" onClick={retry}>
          Try again
        </button>
      </div>
    </main>
  );
}
