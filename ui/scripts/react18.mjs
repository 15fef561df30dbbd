// The same tests on React 18. A script, since not every shell knows NAME=value before a command.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
  env: { ...process.env, WICKETGATE_REACT: "18" },
  stdio: "inherit",
});
process.exit(status ?? 1);
