// The built pages over a service that only pretends, on http://127.0.0.1:5180, with the real service's policy for
// scripts and styles. Some addresses behave in their own way: limited@… is answered 429, down@… 503, slow@… late;
// passwords that begin with "wrong" are wrong, and the link /verify-email#used is used up.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const PORT = Number(process.env.PORT ?? 5180);
const ACCENT = process.env.ACCENT;
const STATIC = join(tmpdir(), "wicketgate-pages");
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const TYPES = { ".js": "text/javascript", ".css": "text/css" };
const COOKIE = "csrf_token=pretend; Path=/; SameSite=Strict";

process.env.WICKETGATE_STATIC_DIR = STATIC;
await build({
  configFile: fileURLToPath(new URL("../vite.pages.config.ts", import.meta.url)),
  root: fileURLToPath(new URL("..", import.meta.url)),
  logLevel: "warn",
});
const entry = JSON.parse(readFileSync(join(STATIC, "manifest.json"), "utf8"))["src/pages/main.tsx"];

let session = false;
let versions = 1;
const user = {
  id: "5f0c7f0e-3f4e-4f0a-9c0d-0a1b2c3d4e5f",
  email: "ada@example.com",
  name: "Ada Lovelace",
  plan: "free",
  createdAt: "2025-03-14T09:26:53.589Z",
  lastModified: "2025-03-14T09:26:53.589Z",
};
const token = () => `wg_5f0c7f0e3f4e4f0a9c0d0a1b2c3d4e5f_k1_${versions}_Vb6cN1tq3yJmZ0aXw8sR`;

const answer = (status, body, headers = {}) => ({ status, body, headers });
const error = (status, text, more = {}, headers = {}) =>
  answer(status, { success: false, error: text, ...more }, headers);
const DEAD = error(401, "Authentication required");

function special(email) {
  if (email?.startsWith("limited@")) {
    return error(429, "Too many requests, please try again later", {}, { "Retry-After": "872" });
  }
  if (email?.startsWith("down@")) return error(503, "An error occurred, please try again", {}, {});
  return null;
}

const ROUTES = {
  "POST /api/auth/signup": ({ email, name }) => {
    if (email === "taken@example.com") return error(400, "Unable to create an account with these details");
    Object.assign(user, { email, name: name ?? email.split("@")[0] });
    return answer(201, { success: true, message: "Account created", user, api_token: token() });
  },
  "POST /api/auth/login": ({ password }) => {
    if (password.startsWith("wrong")) return error(401, "Invalid credentials");
    session = true;
    const body = { success: true, message: "Login successful", token: "t", user, api_token: token() };
    return answer(200, body, { "Set-Cookie": COOKIE });
  },
  "POST /api/auth/logout": () => {
    session = false;
    return answer(200, { success: true }, { "Set-Cookie": `${COOKIE}; Max-Age=0` });
  },
  "GET /api/profile": () => (session ? answer(200, { success: true, user }) : DEAD),
  "PUT /api/profile/update": (changes) => {
    if (!session) return DEAD;
    if (changes.email === "taken@example.com") {
      return error(400, "Unable to use this email address", { field: "email" });
    }
    Object.assign(user, changes, { lastModified: new Date().toISOString() });
    return answer(200, { success: true, user });
  },
  "GET /api/auth/api-token": () => (session ? answer(200, { success: true, api_token: token() }) : DEAD),
  "POST /api/auth/api-token/rotate": () => {
    versions += 1;
    return session ? answer(200, { success: true, api_token: token() }) : DEAD;
  },
};

const withSession = (route) => (input) => (session ? route(input) : DEAD);
const done = (message) => () => answer(200, { success: true, message });
const NOW = new Date().toISOString();
let sessions = ["Firefox on Linux", "Safari on iPhone"].map((device, index) => ({
  id: `s${index}`,
  current: index === 0,
  device,
  network: "203.0.113.0/24",
  createdAt: NOW,
  lastUsedAt: NOW,
}));
let tokens = [{ id: "t0", name: "Backup script", scopes: ["read:orders"], createdAt: NOW }];
const leave = () => {
  session = false;
  return answer(200, { success: true }, { "Set-Cookie": `${COOKIE}; Max-Age=0` });
};
const redeem = ({ token: secret }) =>
  secret === "used"
    ? error(400, "This link is no longer valid", { field: "token" })
    : answer(200, { success: true, message: "Done" });

Object.assign(ROUTES, {
  "POST /api/auth/password/forgot": done("Sent"),
  "POST /api/auth/password/reset": redeem,
  "POST /api/auth/email/verify": redeem,
  "POST /api/auth/email/change/confirm": redeem,
  "POST /api/auth/email/change/undo": redeem,
  "POST /api/auth/email/resend": done("Sent"),
  "POST /api/auth/password/change": withSession(({ current_password }) =>
    current_password.startsWith("wrong")
      ? error(400, "This is not your password", { field: "current_password" })
      : answer(200, { success: true, message: "Changed", token: "t" }),
  ),
  "POST /api/auth/logout-everywhere": withSession(leave),
  "POST /api/account/delete": withSession(({ password }) =>
    password.startsWith("wrong") ? error(400, "This is not your password", { field: "password" }) : leave(),
  ),
  "GET /api/auth/sessions": withSession(() => answer(200, { success: true, sessions })),
  "POST /api/auth/sessions/end": withSession(({ id }) => {
    sessions = sessions.filter((one) => one.id !== id);
    return answer(200, { success: true });
  }),
  "GET /api/auth/api-tokens": withSession(() => answer(200, { success: true, tokens })),
  "POST /api/auth/api-tokens": withSession(({ name, scopes = [] }) => {
    const made = { id: `t${Date.now()}`, name, scopes, createdAt: new Date().toISOString() };
    tokens = [made, ...tokens];
    return answer(201, { success: true, api_token: token(), token: made });
  }),
  "POST /api/auth/api-tokens/revoke": withSession(({ id }) => {
    tokens = tokens.filter((one) => one.id !== id);
    return answer(200, { success: true });
  }),
  "GET /api/auth/activity": withSession(() =>
    answer(200, {
      success: true,
      events: [{ at: NOW, event: "signup", by: "user", network: "203.0.113.0/24" }],
    }),
  ),
});

const PRIVATE = ["profile", "security"];
const PUBLIC = [
  "login",
  "signup",
  "forgot-password",
  "reset-password",
  "verify-email",
  "change-email",
  "undo-email",
];

const escapeAttribute = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

function shell(page, url) {
  const config = {
    productName: "Wicketgate",
    logoUrl: null,
    next: url.searchParams.get("next") ?? "/profile",
    features: { mail: true, emailVerification: true, sessionList: true, activity: true },
  };
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page} · Wicketgate</title>
${entry.css.map((file) => `<link rel="stylesheet" href="/static/${file}">`).join("")}
<link rel="stylesheet" href="/theme.css"><link rel="icon" href="data:,">
<script type="module" src="/static/${entry.file}"></script></head>
<body><div id="wicketgate" data-page="${page}" data-config="${escapeAttribute(JSON.stringify(config))}"></div>
<noscript>This page needs JavaScript.</noscript></body></html>`;
}

async function body(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}

function send(response, status, type, content, headers = {}) {
  response.writeHead(status, { "Content-Type": type, "Content-Security-Policy": CSP, ...headers });
  response.end(content);
}

async function api(request, response, url) {
  const route = ROUTES[`${request.method} ${url.pathname}`];
  if (!route) return send(response, 404, "application/json", '{"success":false,"error":"Not found"}');
  const input = await body(request);
  await new Promise((done) => setTimeout(done, input.email?.startsWith("slow@") ? 20_000 : 250));
  const { status, body: out, headers } = special(input.email) ?? route(input);
  send(response, status, "application/json", JSON.stringify(out), headers);
}

createServer(async (request, response) => {
  const url = new URL(request.url, "http://127.0.0.1");
  const page = url.pathname.slice(1);
  if (url.pathname.startsWith("/api/")) return api(request, response, url);
  if (url.pathname === "/theme.css") {
    return send(response, 200, "text/css", ACCENT ? `:root{--wg-accent:${ACCENT}}` : "");
  }
  if (page.startsWith("static/") && !page.includes("..")) {
    const file = join(STATIC, page.slice(7));
    return send(response, 200, TYPES[extname(file)] ?? "application/octet-stream", readFileSync(file));
  }
  if (PRIVATE.includes(page) && !session) {
    return send(response, 303, "text/plain", "", { Location: `/login?next=%2F${page}` });
  }
  if ([...PRIVATE, ...PUBLIC].includes(page)) {
    return send(response, 200, "text/html; charset=utf-8", shell(page, url), { "Cache-Control": "no-store" });
  }
  send(response, 404, "text/plain", "Not found");
}).listen(PORT, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${PORT}/login\n`));
