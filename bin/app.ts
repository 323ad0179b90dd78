import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { App } from "aws-cdk-lib";
import { promiseTable, summaryOf } from "../lib/cli/promise-table.ts";
import { UserError } from "../lib/cli/user-error.ts";
import { fleetHash } from "../lib/fleet/hash.ts";
import { inspectFleetFile } from "../lib/fleet/parse.ts";
import { FleetError, lineOf } from "../lib/fleet/problem.ts";
import { addStacks } from "../lib/infra/app.ts";
import { bundleFunctions } from "../lib/infra/bundles.ts";
import { cacheDirectory } from "../lib/infra/cache-directory.ts";
import { rememberValidation } from "../lib/infra/remembered-validation.ts";
import { withoutStopFlag } from "../lib/sla/cells.ts";
import { checkPromises } from "../lib/sla/check.ts";
import type { Fleet } from "../lib/sla/fleet.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

try {
  const app = new App();
  rememberValidation(app, cacheDirectory(root, "validated"));
  const fleet = keepableFleet(fleetFileOf(app));
  for (const warning of withoutStopFlag(fleet)) console.error(`sla: ${warning}`);
  addStacks(app, { fleet, hash: fleetHash(fleet), bundles: await bundleFunctions(root), root });
  app.synth();
} catch (cause) {
  if (!(cause instanceof UserError || cause instanceof FleetError)) throw cause;
  console.error(`sla: ${cause.message}`);
  process.exitCode = cause instanceof UserError ? cause.exitCode : 2;
}

/** `-c fleet=…`, the environment, ./fleet.yaml, the example: whichever comes first. */
function fleetFileOf(app: App): string {
  const named = app.node.tryGetContext("fleet") ?? process.env["SLA_FLEET"];
  if (typeof named === "string" && named !== "") return named;
  return existsSync("fleet.yaml") ? "fleet.yaml" : `${root}examples/fleet.yaml`;
}

/** What cannot be kept is not deployed: the same check and the same words as `sla check`. */
function keepableFleet(file: string): Fleet {
  const { fleet, problems } = inspectFleetFile(file);
  if (!fleet) throw new FleetError(file, problems);
  const broken = checkPromises(fleet).filter(({ status }) => status === "broken");
  if (broken.length === 0 && problems.length === 0) return fleet;
  const table = broken.length > 0 ? [promiseTable(broken, false), summaryOf(broken)] : [];
  const lines = [...table, ...problems.map((problem) => lineOf(file, problem))];
  throw new UserError(`${file} promises what it cannot keep\n${lines.join("\n")}`, 1);
}
