const BASE = "http://this-site.invalid";
// Browsers drop tabs and line breaks from addresses and read "\" as "/", so either can hide a second slash.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
const FORBIDDEN = /[\u0000-\u0020\u007f-\u009f\\]/;

function staysHere(value: string): boolean {
  if (!value.startsWith("/") || value.startsWith("//") || FORBIDDEN.test(value)) return false;
  try {
    const url = new URL(value, BASE);
    // "/.//evil" resolves to the path "//evil": harmless here, another site once somebody redirects to the path.
    return url.origin === BASE && !url.pathname.startsWith("//");
  } catch {
    return false;
  }
}

/** `value` if it is a path on this site, else `fallback`. An address a stranger wrote must not lead elsewhere. */
export function safeNext<Fallback extends string | null>(
  value: string | null | undefined,
  fallback: Fallback,
): string | Fallback {
  return typeof value === "string" && value.length <= 2048 && staysHere(value) ? value : fallback;
}

/** Where a person stands, in the form `next` takes. */
export function currentPath(): string {
  return location.pathname + location.search + location.hash;
}

/** The login page's address, leading back to `next` afterwards. */
export function loginAddress(loginPath: string, next: string): string {
  const target = safeNext(next, null);
  if (target === null) return loginPath;
  return `${loginPath}${loginPath.includes("?") ? "&" : "?"}next=${encodeURIComponent(target)}`;
}
