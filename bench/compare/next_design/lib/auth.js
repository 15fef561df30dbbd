// The design's helpers: JWT in a cookie, and a limit that each process counts for itself.
import jwt from "jsonwebtoken";

const SECRET = process.env.SECRET;
const WINDOW_MS = 15 * 60 * 1000;
const MOST = 5;
const attempts = new Map();

export const COST = Number(process.env.COST);

export const tokenFor = (user) => jwt.sign({ userId: user.userId, email: user.email }, SECRET, { expiresIn: "24h" });

export function userIdOf(request) {
  try {
    return jwt.verify(request.cookies.auth_token ?? "", SECRET).userId;
  } catch {
    return null;
  }
}

export const cookie = (value, seconds) =>
  `auth_token=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${seconds}`;

export function limited(request) {
  if (process.env.LIMITS !== "on") return false;
  const source = request.socket.remoteAddress;
  const now = Date.now();
  const recent = (attempts.get(source) ?? []).filter((time) => time > now - WINDOW_MS);
  if (recent.length >= MOST) return true;
  attempts.set(source, [...recent, now]);
  return false;
}
