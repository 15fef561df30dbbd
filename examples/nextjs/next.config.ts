import type { NextConfig } from "next";

/** Where the service answers. `next build` writes it into the rewrite, and so into all the rest. */
const service = process.env.WICKETGATE_URL ?? "http://127.0.0.1:8000";

const headers = [
  // Nobody else may show these pages in a frame and have somebody click in there.
  { key: "Content-Security-Policy", value: "frame-ancestors 'none'" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "X-Content-Type-Options", value: "nosniff" },
];

const config: NextConfig = {
  poweredByHeader: false,
  agentRules: false,
  env: { WICKETGATE_URL: service },
  // Under this origin, so that the service's cookies are ours: they are SameSite=Strict.
  rewrites: async () => [{ source: "/api/:path*", destination: `${service}/api/:path*` }],
  // The service's answers bring their own.
  headers: async () => [{ source: "/((?!api/).*)", headers }],
};

export default config;
