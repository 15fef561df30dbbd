// Builds dist/: modules and types one to one by the TypeScript compiler, so that "use client" stays at the head
// of each file that has it and bundlers can drop what is not used; and the two stylesheets.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { build } from "vite";
import { cssTarget } from "../targets.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

rmSync(`${root}/dist`, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
for (const name of ["styles", "styles.unlayered"]) {
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    plugins: [tailwindcss()],
    build: {
      outDir: "dist",
      emptyOutDir: false,
      cssTarget,
      rollupOptions: {
        input: `${root}/src/styles/${name}.css`,
        output: { assetFileNames: `${name}[extname]` },
      },
    },
  });
}
