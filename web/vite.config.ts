import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The oldest browser that offices still run: Chromium 100 and its Chinese derivatives. */
const OLDEST = "chrome100";

const server = process.env.HANLIN_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: { "/api": { target: server, ws: true } },
  },
  build: { target: OLDEST, cssTarget: OLDEST, manifest: true, chunkSizeWarningLimit: 1200 },
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://localhost:3000/" } },
    setupFiles: ["./src/test/setup.ts"],
    css: false,
    testTimeout: 120_000,
    maxWorkers: 2,
    // Files share what is loaded, and the page: loading the client anew for each took as long as its tests.
    isolate: false,
    // Pages are drawn and thrown away: more room for what lives shortly, less collecting.
    execArgv: ["--max-semi-space-size=64"],
    restoreMocks: true,
  },
});
