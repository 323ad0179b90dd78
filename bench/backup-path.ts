// A database of 100 MB on the local cloud: taken, copied to three regions, restored and proven in each.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DescribeDBSnapshotsCommand } from "@aws-sdk/client-rds";
import { RESTORE_TEST_MACHINE, restoreTestName } from "../functions/restore/contract.ts";
import { eventually } from "../lib/drill/eventually.ts";
import { type Stage, setStage } from "../lib/drill/stage.ts";
import { accessTo } from "../lib/operator/access.ts";
import { lookNow } from "../lib/operator/look-now.ts";
import { lastTests } from "../lib/operator/restore-test.ts";
import { ROOT } from "./drill/command.ts";
import { main, report, title } from "./print.ts";

const PACE = 60;
const MEGABYTES = 100;
const LIMIT_SECONDS = 180;
const FLEET = join(ROOT, "bench", "backup-fleet.yaml");
const WITHIN_MS = 300_000;

await main(async () => {
  title(`A backup's way: ${MEGABYTES} MB, home and three other regions, pace ${PACE}`);
  const stage = await setStage({ fleetFile: FLEET, pace: PACE, keep: false, progress: () => {} });
  try {
    return await measure(stage);
  } finally {
    await stage.close();
  }
});

async function measure(stage: Stage): Promise<boolean> {
  const [instance] = stage.fleet.instances;
  if (!instance) throw new Error(`${FLEET} has no instance`);
  const places = [instance.home, ...instance.copies];
  await fill(stage);
  const access = await accessTo(stage.fleet, environmentOf(stage));
  stage.cloud.services.startSchedules();

  const began = performance.now();
  const id = await eventually("a backup in every place", WITHIN_MS, async () => {
    await lookNow(access);
    const all = await Promise.all(places.map((place) => newestIn(stage, place)));
    const [first] = all;
    return first !== undefined && all.every((each) => each === first) ? first : undefined;
  });
  const copied = seconds(began);

  const testing = performance.now();
  for (const region of places) {
    const request = { instance: instance.id, backup: id, trigger: "person" } as const;
    const name = restoreTestName(request, new Date());
    await access.machines.startTest(region, name, request);
  }
  const records = await eventually("a test in every place", WITHIN_MS, async () => {
    const ended = (await lastTests(access, instance)).records;
    return ended.length === places.length ? ended : undefined;
  });
  const proven = seconds(testing);
  const bad = records.find(({ ok }) => !ok);
  if (bad) throw new Error(`${bad.region}: ${bad.failure?.message}`);
  const parts = records.map(
    ({ region, restoreSeconds = 0, proofSeconds = 0, rows = 0 }) =>
      `${region.padEnd(13)} readable ${restoreSeconds.toFixed(1)} s, proven ${proofSeconds.toFixed(1)} s later, ${rows} rows`,
  );
  console.log(
    `${megabytes(snapshotBytes(stage, id))} MB a snapshot, packed; ${places.length} of them`,
  );
  return report([
    { what: "taken and in four places", value: copied, unit: "s", limit: LIMIT_SECONDS },
    {
      what: `${RESTORE_TEST_MACHINE}: in all four`,
      value: proven,
      unit: "s",
      limit: LIMIT_SECONDS,
      parts,
    },
  ]);
}

/** Text that does not pack to nothing. */
async function fill({ cloud, fleet }: Stage): Promise<void> {
  const [instance] = fleet.instances;
  if (!instance) return;
  const { home, database } = instance;
  const query = (text: string) =>
    cloud.services.rds.adminQuery(home, database.primary, text, [], database.name);
  await query("create table ballast (id int primary key, filler text)");
  await query(`insert into ballast select n, (select string_agg(md5(n::text || k::text), '') from
    generate_series(1, 32) k) from generate_series(1, ${MEGABYTES * 900}) n`);
  await query("vacuum analyze ballast");
}

async function newestIn({ estate }: Stage, region: string): Promise<string | undefined> {
  const { DBSnapshots = [] } = await estate.aws
    .rds(region)
    .send(new DescribeDBSnapshotsCommand({ SnapshotType: "manual" }));
  return DBSnapshots.find(({ Status }) => Status === "available")?.DBSnapshotIdentifier;
}

/** Of the file in which the local cloud keeps it. */
function snapshotBytes({ cloud }: Stage, id: string): number {
  const { directory } = cloud.ground;
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  const found = files.find(({ name }) => name.includes(id));
  return found ? statSync(join(found.parentPath, found.name)).size : 0;
}

function environmentOf({ cloud }: Stage) {
  const { credentials } = cloud.ground;
  const env = {
    AWS_ENDPOINT_URL: cloud.url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    SLA_PACE: String(PACE),
  };
  // The SDK looks for them there.
  Object.assign(process.env, env);
  return env;
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
