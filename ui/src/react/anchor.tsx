import type { LinkProps } from "./context.js";

/** The link used where no router's own was given. */
export function Anchor({ href, className, children }: LinkProps) {
  return (
    <a href={href} className={className}>
      {children}
    </a>
  );
}
