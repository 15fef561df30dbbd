// Better Auth on Node's own SQLite, with bcrypt at the cost of everybody else here instead of its scrypt.
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import bcrypt from "bcrypt";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";

const { PORT, DATABASE, COST, SECRET, LIMITS } = process.env;
const database = new DatabaseSync(DATABASE);
database.exec("PRAGMA journal_mode = WAL");
const options = {
  database,
  secret: SECRET,
  baseURL: `http://127.0.0.1:${PORT}`,
  telemetry: { enabled: false },
  logger: { level: "error" },
  rateLimit: { enabled: LIMITS === "on" },
  emailAndPassword: {
    enabled: true,
    autoSignIn: false,
    password: {
      hash: (password) => bcrypt.hash(password, Number(COST)),
      verify: ({ password, hash }) => bcrypt.compare(password, hash),
    },
  },
};
await (await getMigrations(options)).runMigrations();
createServer(toNodeHandler(betterAuth(options))).listen(Number(PORT), "127.0.0.1");
