import { ApiError, createClient, type User } from "@wicketgate/react/client";

/** Whose request came with these headers; null if nobody is signed in. Throws if the service cannot tell. */
export async function userOf(headers: Headers): Promise<User | null> {
  const cookie = headers.get("cookie");
  if (cookie === null) return null;
  const client = createClient({
    baseUrl: process.env.WICKETGATE_URL ?? "",
    // In production the service answers to https only, and takes our word that the visitor came by it.
    headers: { cookie, "x-forwarded-proto": headers.get("x-forwarded-proto") ?? "http" },
    timeoutMs: 5_000,
    retry: { retries: 1 },
  });
  try {
    return (await client.profile()).user;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}
