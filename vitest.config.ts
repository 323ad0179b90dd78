import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Whole clouds, and the command line as a process: what they measure needs the machine to itself. */
const CLOUDS = ["test/drills/**/*.test.ts", "test/cli/**/*.test.ts"];

export default defineConfig({
  test: {
    // Many tests wait more than they work.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: "parts",
          include: ["test/**/*.test.ts"],
          exclude: CLOUDS,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "clouds",
          include: CLOUDS,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // After everything else, and one file after the other.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
