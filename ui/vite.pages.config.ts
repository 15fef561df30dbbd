import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { cssTarget } from "./targets.mjs";

// The service's own pages. The service renders the shell and finds the files by manifest.json; it serves them
// under whatever path it likes, hence the relative base.
export default defineConfig({
  base: "./",
  plugins: [react(), tailwindcss()],
  publicDir: false,
  build: {
    outDir: process.env.WICKETGATE_STATIC_DIR ?? "../src/wicketgate/web/static",
    emptyOutDir: true,
    manifest: "manifest.json",
    cssTarget,
    // A polyfill would be one more script, and data: addresses are not worth a hole in the policy.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: "src/pages/main.tsx",
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});
