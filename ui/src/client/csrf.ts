// The prefixed name first: it can only have been set over https by this very host.
const NAMES = ["__Host-csrf_token", "csrf_token"];

/** The CSRF token among the page's cookies (`document.cookie`), or null. */
export function csrfToken(cookies: string): string | null {
  const pairs = cookies.split(";").map((pair) => pair.trim());
  for (const name of NAMES) {
    const found = pairs.find((pair) => pair.startsWith(`${name}=`));
    if (found) return found.slice(name.length + 1) || null;
  }
  return null;
}
