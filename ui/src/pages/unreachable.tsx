/** Shown when it cannot be found out who is signed in. */
export function Unreachable({ message, onRetry }: { message: string; onRetry: () => Promise<void> }) {
  return (
    <section className="card flex flex-col items-start gap-5 p-6 sm:p-8">
      <div role="alert">
        <h1 className="text-lg font-semibold tracking-tight">Your profile could not be loaded</h1>
        <p className="mt-0.5 text-muted">{message}</p>
      </div>
      <div className="wg">
        <button type="button" className="wg-button" onClick={() => void onRetry()}>
          Try again
        </button>
      </div>
    </section>
  );
}
