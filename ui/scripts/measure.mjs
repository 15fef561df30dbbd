import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import { build } from "vite";
import { cssTarget } from "../targets.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const APPLICATION = "virtual:application";

/** An application that consists of `code`. */
const application = (code) => ({
  name: "application",
  resolveId: (id) => (id === APPLICATION ? `\0${id}` : null),
  load: (id) => (id === `\0${APPLICATION}` ? code : null),
});

async function bundle(input, plugins) {
  // Within a test runner this is "test", and what is built then is larger than what anybody is served.
  process.env.NODE_ENV = "production";
  const { output } = await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins,
    build: {
      write: false,
      cssTarget,
      modulePreload: { polyfill: false },
      rollupOptions: { input, preserveEntrySignatures: "strict", external: /^react(-dom)?($|\/)/ },
    },
  });
  return output;
}

const gzipped = (parts) => gzipSync(parts.join(""), { level: 9 }).length;

/**
 * Bytes after gzip that the package adds to an application, minified and without React. `names` are the exports
 * the application uses; without them it uses everything.
 */
export async function measureScript(names) {
  const list = names?.join(", ");
  const code = list
    ? `import { ${list} } from "/src/index.ts"; globalThis.used = { ${list} };`
    : 'export * from "/src/index.ts";';
  const output = await bundle(APPLICATION, [application(code)]);
  return gzipped(output.filter(({ type }) => type === "chunk").map((chunk) => chunk.code));
}

/** Bytes of the stylesheet after gzip. */
export async function measureStyles() {
  const output = await bundle(`${root}/src/styles/styles.css`, [tailwindcss()]);
  return gzipped(output.filter(({ fileName }) => fileName.endsWith(".css")).map((asset) => asset.source));
}
