import type { PageConfig } from "./config.js";

/** The mark used where the service was given no logo: a gate, one leaf of it ajar. */
function Mark() {
  return (
    <svg viewBox="0 0 40 40" className="size-9 shrink-0 text-brand" aria-hidden="true" focusable="false">
      <rect width="40" height="40" rx="11" fill="currentColor" />
      <g
        className="stroke-on-brand"
        fill="none"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d="M11 30V18a9 9 0 0 1 18 0v12" />
        <path d="M20 30V17.5l6 2.2V30" />
        <path d="M8.5 30h23" />
      </g>
    </svg>
  );
}

/** Logo and name of the product. */
export function Brand({ config }: { config: PageConfig }) {
  return (
    <div className="flex min-w-0 items-center gap-3">
      {config.logoUrl ? (
        <img src={config.logoUrl} alt="" className="h-9 w-auto max-w-32 shrink-0 object-contain" />
      ) : (
        <Mark />
      )}
      <span className="min-w-0 text-lg font-semibold tracking-tight wrap-anywhere">{config.productName}</span>
    </div>
  );
}
