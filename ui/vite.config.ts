import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { react18 } from "./test/react18/alias.mjs";

const on18 = process.env.WICKETGATE_REACT === "18";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: on18 ? react18 : [] },
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://localhost:3000/" } },
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
    setupFiles: [...(on18 ? ["test/react18/setup.ts"] : []), "test/setup.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
