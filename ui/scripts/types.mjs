// Writes src/client/schema.ts from the service's OpenAPI document; with --check only compares.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const source = process.env.WICKETGATE_OPENAPI ?? here("../../docs/reference/openapi.json");
const target = here("../src/client/schema.ts");

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

if (!existsSync(source)) {
  stop(`No OpenAPI document at ${source}. Generate it first, or name another in WICKETGATE_OPENAPI.`);
}

const head =
  "// Generated from the service's OpenAPI document by `npm run types`. Change the service, not this file.\n\n";
const wanted = head + astToString(await openapiTS(JSON.parse(readFileSync(source, "utf8"))));

if (!process.argv.includes("--check")) {
  writeFileSync(target, wanted);
} else if (!existsSync(target) || readFileSync(target, "utf8") !== wanted) {
  stop(
    "src/client/schema.ts does not match the OpenAPI document. Run `npm run types` and commit the result.",
  );
}
