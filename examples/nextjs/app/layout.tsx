import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Providers } from "@/components/providers";
import "@wicketgate/react/styles.css";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Orchard", template: "%s · Orchard" },
  description: "An example of Wicketgate with Next.js",
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
