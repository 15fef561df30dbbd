"use client";

import { ProfileForm, type User } from "@wicketgate/react";
import { useRouter } from "next/navigation";

/** The form, and after each change the pages that the server has rendered anew. */
export function Profile({ user }: { user: User }) {
  const router = useRouter();
  return <ProfileForm user={user} onUpdate={() => router.refresh()} />;
}
