import type { ReactNode } from "react";
import { Brand } from "@/components/brand";

export default function EntranceLayout({ children }: { children: ReactNode }) {
  return (
    <div className="entrance">
      <header>
        <Brand />
      </header>
      {children}
    </div>
  );
}
