import { loginAddress } from "@wicketgate/react/client";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { userOf } from "./wicketgate";

/** Who is signed in, or null. For server components; the service is asked once a request. */
export const currentUser = cache(async () => userOf(await headers()));

/** Who is signed in. Anybody else goes to the login page, and from there back to `path`. */
export async function requireUser(path: string) {
  return (await currentUser()) ?? redirect(loginAddress("/login", path));
}
