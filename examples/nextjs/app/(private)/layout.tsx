import { LogoutButton } from "@wicketgate/react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Brand } from "@/components/brand";

/** The frame of the private pages. Who may see them is asked by each page: a layout stays while pages change. */
export default function PrivateLayout({ children }: { children: ReactNode }) {
  return (
    <div className="private">
      <header>
        <Brand />
        <nav aria-label="Main">
          <Link href="/dashboard">Dashboard</Link>
          <Link href="/profile">Profile</Link>
          <Link href="/security">Security</Link>
        </nav>
        <LogoutButton />
      </header>
      <main>{children}</main>
    </div>
  );
}
