import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Whole clouds, and the command line as a process: what they measure needs the machine to itself. */
const CLOUDS = ["test/drills/**/*.test.ts", "test/cli/**/*.test.ts"];

/**
 * Rooms whose modules keep nothing but what they have worked out: their files share what they import. The CDK
 * and the fleet's templates are made once a worker then, not once a file.
 */
const PURE = [
  "test/lib/{fleet,infra,sla}/**/*.test.ts",
  "test/scenarios/!(reprotect-check).test.ts",
  "test/law/runbook.test.ts",
];

/** Long rehearsals, `npm run test:nights`: on a machine that others use as well they can run out of time. */
const NIGHTS = [
  "test/drills/another-fleet.test.ts",
  "test/drills/approval.test.ts",
  "test/drills/mariadb.test.ts",
  "test/drills/deployed.test.ts",
  "test/drills/quiet-night.test.ts",
  "test/drills/without-route53.test.ts",
  "test/drills/lost-region.test.ts",
  "test/drills/region.test.ts",
  "test/drills/region-lost.test.ts",
  "test/drills/bad-data.test.ts",
  "test/drills/frozen-primary.test.ts",
  "test/drills/there-and-back.test.ts",
  "test/drills/filled-primary.test.ts",
  "test/cli/adopt-mariadb.test.ts",
  "test/cli/first-deploy.test.ts",
  "test/cli/operator.test.ts",
  "test/cli/approve.test.ts",
  "test/cli/backups.test.ts",
  "test/cli/images.test.ts",
  "test/cli/image-tests.test.ts",
  "test/cli/replicated-logs.test.ts",
  "test/cli/restore-test.test.ts",
  "test/cli/fresh-dump.test.ts",
  "test/cli/mariadb-dump.test.ts",
  "test/cli/preparedness.test.ts",
  "test/cli/account-look.test.ts",
  "test/cli/game-day.test.ts",
  "test/cli/recover.test.ts",
  "test/cli/webhook.test.ts",
];

const limits = { testTimeout: 30_000, hookTimeout: 60_000 };

/** One after the other, and after everything else. */
const alone = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  fileParallelism: false,
  sequence: { groupOrder: 1 },
};

export default defineConfig({
  test: {
    // Many tests wait more than they work.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: "parts",
          include: ["test/**/*.test.ts"],
          exclude: [...CLOUDS, ...PURE],
          ...limits,
        },
      },
      {
        test: {
          name: "pure",
          include: PURE,
          isolate: false,
          globalSetup: "test/lib/infra/assemblies.ts",
          ...limits,
        },
      },
      { test: { name: "clouds", include: CLOUDS, exclude: NIGHTS, ...alone } },
      { test: { name: "nights", include: NIGHTS, ...alone } },
    ],
  },
});
