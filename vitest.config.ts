import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    // Tests that start processes use the built package, by its public name.
    alias: [{ find: /^hpo$/, replacement: fileURLToPath(new URL("./dist/index.js", import.meta.url)) }],
  },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/property-seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // The tests run the same on a machine with GPUs; those that are about GPUs bring their own.
    env: { CUDA_VISIBLE_DEVICES: "", ROCR_VISIBLE_DEVICES: "" },
  },
});
