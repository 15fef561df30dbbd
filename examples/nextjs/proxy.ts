import { loginAddress } from "@wicketgate/react/client";
import { type NextRequest, NextResponse } from "next/server";
import { userOf } from "./lib/wicketgate";

export const config = { matcher: ["/dashboard/:path*", "/profile/:path*", "/security/:path*"] };

/** Lets only people who are signed in see the private pages; the others log in first, and come back. */
export async function proxy(request: NextRequest) {
  try {
    if (await userOf(request.headers)) return NextResponse.next();
  } catch {
    // The service is out of reach. The page will ask again, and say so; sending people to log in would be a lie.
    return NextResponse.next();
  }
  const { pathname, search } = request.nextUrl;
  return NextResponse.redirect(new URL(loginAddress("/login", pathname + search), request.url));
}
