// `sla adopt --all` on the fleet of the bench, as a process that can be killed. Prints a line of JSON for each step, then the reports.
import { randomBytes } from "node:crypto";
import { accessTo } from "../../lib/operator/access.ts";
import { adoptAll } from "../../lib/operator/adopting/adopt.ts";
import { adoptSteps } from "../../lib/operator/adopting/steps.ts";
import { adoptWorld } from "../../lib/operator/adopting/world.ts";
import { FLEET } from "./fleet.ts";
import { serverIn } from "./server.ts";

const [directory = "", password = ""] = process.argv.slice(2);
const access = await accessTo(FLEET, process.env);
const reports = await adoptAll({
  ...{ fleet: FLEET, instances: FLEET.instances, dryRun: false },
  world: { ...adoptWorld(access), server: serverIn(directory) },
  wish: { readsRows: false, masters: { postgres: { password } } },
  steps: () => adoptSteps(() => randomBytes(24).toString("base64url")),
  tell: (id, step, is, says) => console.log(JSON.stringify({ id, step, is, says })),
});
console.log(JSON.stringify({ reports }));
