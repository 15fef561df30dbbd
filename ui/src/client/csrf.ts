// The prefixed name first: it can only have been set over https by this very host.
const NAMES = ["__Host-csrf_token", "csrf_token"];

/** The CSRF token among the page's cookies (`document.cookie`), or null. */
export function csrfToken(cookies: string): string | null {
  // As browsers join them. Other white space belongs to a name, and a sibling domain may set such a one.
  const pairs = cookies.split("; ");
  for (const name of NAMES) {
    const found = pairs.find((pair) => pair.startsWith(`${name}=`));
    if (found) return found.slice(name.length + 1) || null;
  }
  return null;
}
