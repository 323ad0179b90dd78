// Forty living databases adopted over the HTTP APIs of the local cloud, by a process that is killed at every step and begun again.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { WalkReport } from "../lib/operator/adopting/walk.ts";
import { livingCloud } from "./adopt/cloud.ts";
import { COUNT } from "./adopt/fleet.ts";
import { main, report, title } from "./print.ts";

const CLIENT = fileURLToPath(new URL("adopt/client.ts", import.meta.url));
/** Steps that change something before the deployment. */
const STEPS = ["tags", "parameters", "secret", "role", "TTL", "standby", "names"] as const;
/** What is to be made once for each database, by the operation that makes it. */
const ONCE = ["CreateDBInstanceReadReplica", "CreateSecret"] as const;

interface Line {
  readonly step?: string;
  readonly is?: string;
  readonly reports?: readonly WalkReport[];
}

type Living = Awaited<ReturnType<typeof livingCloud>>;

/** One run of the command: to its end, or killed as soon as any database is at that step. */
async function run({ cloud, password, servers }: Living, killedAt?: string) {
  const { accessKeyId, secretAccessKey } = cloud.ground.credentials;
  const env = {
    ...{ ...process.env, AWS_ENDPOINT_URL: cloud.url, AWS_REGION: "eu-west-1" },
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    SLA_PACE: String(cloud.ground.pace.factor),
  };
  const child = spawn(process.execPath, [CLIENT, servers, password], {
    ...{ env, stdio: ["ignore", "pipe", "inherit"] },
  });
  const over = new Promise<void>((done) => child.once("exit", () => done()));
  let reports: readonly WalkReport[] | undefined;
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Line;
    if (line.reports) reports = line.reports;
    if (line.step === killedAt && line.is === "doing") child.kill("SIGKILL");
  }
  await over;
  return { reports, wasKilled: child.signalCode === "SIGKILL" };
}

/** Calls that were answered well, by operation. */
function calls({ cloud }: Living): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { operation, detail } of cloud.ground.log.all()) {
    if (detail["ok"] === true) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  }
  return counts;
}

const isReady = ({ steps }: WalkReport) => steps.at(-1)?.is === "next";

await main(async () => {
  title(`Adopting over HTTP: ${COUNT} living databases, killed at every step`);
  const living = await livingCloud();
  try {
    const before = calls(living);
    const from = Date.now();
    const killed: string[] = [];
    for (const step of STEPS) if ((await run(living, step)).wasKilled) killed.push(step);
    const { reports = [] } = await run(living);
    const seconds = (Date.now() - from) / 1000;
    const after = calls(living);
    const made = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    const all = [...after.keys()].reduce((sum, name) => sum + made(name), 0);
    const ready = reports.filter(isReady).length;
    console.log(`killed at: ${killed.join(", ")}; ${ready} of ${COUNT} are ready`);
    if (ready < COUNT || killed.length < STEPS.length) return false;
    return report([
      ...ONCE.map(
        (name) => ({ what: name, value: made(name) / COUNT, unit: "x", limit: 1 }) as const,
      ),
      { what: "calls of one database", value: all / COUNT, unit: "x", limit: 300 },
      { what: "eight runs, at pace 600", value: seconds, unit: "s", limit: 300 },
    ]);
  } finally {
    await living.end();
  }
});
