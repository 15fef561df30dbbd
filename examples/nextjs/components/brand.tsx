import Link from "next/link";

export function Brand() {
  return (
    <Link href="/" className="brand">
      <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
        <rect width="32" height="32" rx="9" fill="currentColor" />
        <path
          d="M16 25v-9m0 4c-4.5 0-7-2.4-7-7 4.5 0 7 2.4 7 7Zm0-3c0-5 2.5-8 7-8 0 5-2.5 8-7 8Z"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Orchard
    </Link>
  );
}
