"use client";

import { useEffect, useState } from "react";

/** Takes what stands after `#` out of the address, so that it is neither bookmarked nor left for whoever comes next. */
function takeToken(): string {
  const token = location.hash.slice(1);
  if (token !== "") history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

/**
 * The token of the link that led here: null until the browser has been asked, "" when there is none. It is kept for
 * as long as the page is, and a second link opened in the same tab replaces it.
 */
export function useLinkToken(): string | null {
  const [token, setToken] = useState<string | null>(null);

  useEffect(() => {
    const take = () => {
      const found = takeToken();
      // Effects may run twice, and the second time the address is empty already.
      setToken((known) => found || (known ?? ""));
    };
    take();
    addEventListener("hashchange", take);
    return () => removeEventListener("hashchange", take);
  }, []);

  return token;
}
