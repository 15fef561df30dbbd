const Bar = ({ className }: { className: string }) => <div className={`rounded bg-soft ${className}`} />;

/** The outline of the profile, while the service is asked who is signed in. */
export function Waiting() {
  return (
    <>
      <h1 className="sr-only">Your profile</h1>
      <p role="status" className="sr-only">
        Loading your profile…
      </p>
      <div aria-hidden="true" className="flex animate-pulse flex-col gap-6 motion-reduce:animate-none">
        <div className="flex items-center gap-5">
          <div className="size-16 shrink-0 rounded-full bg-soft" />
          <div className="flex min-w-0 flex-1 flex-col gap-2.5">
            <Bar className="h-6 w-40 max-w-full" />
            <Bar className="h-4 w-56 max-w-full" />
          </div>
        </div>
        <div className="card flex flex-col gap-5 p-6 sm:p-8">
          <Bar className="h-5 w-24" />
          <Bar className="h-11 w-full" />
          <Bar className="h-11 w-full" />
          <Bar className="h-24 w-full" />
        </div>
      </div>
    </>
  );
}
