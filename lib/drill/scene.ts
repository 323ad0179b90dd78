import type { LocalCloud } from "../local-cloud/cloud.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import { firstRoles } from "../sla/roles.ts";
import { PAGE_TABLE, providerWords } from "./application-sql.ts";
import { eachStepInTurn } from "./deaths.ts";
import type { Estate } from "./estate.ts";
import { eventually } from "./eventually.ts";
import { rpoSecondsOf, type Scene } from "./faults.ts";
import { regionsOf } from "./places.ts";
import { stakesOf } from "./promises.ts";
import { belowThreshold } from "./stumble.ts";

/** The hands of a fault: they reach servers, processes and network paths of this run. */
export function sceneOf(cloud: LocalCloud, estate: Estate, fleet: Fleet, victim: Instance): Scene {
  const { home, database } = victim;
  const { rds } = cloud.services;
  const application = estate.apps.find((each) => each.instance === victim.id && each.site === home);
  const { plan } = stakesOf(fleet, victim, cloud.ground.pace.factor);
  return {
    victim,
    vantages: fleet.vantages,
    killPrimary: () => rds.kill(home, database.primary),
    killApplication: async () => application?.kill(),
    blind(vantage) {
      for (const app of estate.apps) app.refuse(cloud.ground.sources.ofRegion(vantage));
    },
    stumble() {
      application?.stumble(belowThreshold(plan.watch));
    },
    isolateHome() {
      application?.isolate();
      rds.isolate(home, database.primary);
    },
    throttleOwner() {
      const { owner } = firstRoles(fleet, victim, "");
      const { throttles, pace } = cloud.ground;
      const burst = { ...BURST, until: Date.now() + pace.ms(THROTTLED_SECONDS) };
      throttles.begin(owner, burst);
      throttles.begin(GLOBAL_REGION, burst, ["route53"]);
    },
    killEachStep() {
      cloud.services.lambda.mishaps.decide(eachStepInTurn(firstRoles(fleet, victim, "").owner));
    },
    starveStandby: () => starve(cloud, victim, rpoSecondsOf(plan) ?? NO_RPO_SECONDS),
    delayReplay: () => delayReplay(cloud, victim, plan),
    loseHome: async () => loseRegion(cloud, estate, home),
    async loseForGood() {
      for (const region of regionsOf(victim)) loseRegion(cloud, estate, region);
    },
    dropTable: async () => {
      await rds.adminQuery(home, database.primary, `drop table ${PAGE_TABLE}`, [], database.name);
    },
    freezePrimary: () => rds.pause(home, database.primary),
    reviveOldPrimaryOncePromoted: () =>
      oncePromoted(cloud, victim, () => rds.revive(home, database.primary)),
    thawOldPrimaryOncePromoted: () =>
      oncePromoted(cloud, victim, async () => rds.resume(home, database.primary)),
  };
}

/** Two in a row: a client that asks once more is refused as well, and its caller must heal. */
const BURST = { refused: 2, of: 8 };
/** Of plan time: longer than detection. No pace divides what a client waits after each refusal. */
const THROTTLED_SECONDS = 600;
/** Calls to Route 53 are signed for it. */
const GLOBAL_REGION = "us-east-1";

/** So much more than the RPO that no measuring can find it kept. */
const TOO_FAR_BEHIND = 1.2;
/** How far behind where the plan allows any loss, in plan seconds. */
const NO_RPO_SECONDS = 300;
const PATIENCE_MS = 30_000;

/** Where nothing stands by there is nothing to starve. */
async function starve(
  { services: { rds }, ground: { pace } }: LocalCloud,
  { id, standby, database }: Instance,
  rpoSeconds: number,
): Promise<void> {
  if (standby === undefined || database.standby === undefined) return;
  const [server, name] = [database.standby, database.name];
  const farBehind = (pace.ms(rpoSeconds) / 1000) * TOO_FAR_BEHIND;
  const { behind: behindText } = providerWords(database.engine);
  rds.starve(standby, server);
  await eventually(
    `${id}: a standby that is ${farBehind.toFixed(1)} s behind`,
    farBehind * 1000 + PATIENCE_MS,
    async () => {
      const [beat] = await rds.adminQuery(standby, server, behindText, [], name);
      return Number(beat?.["behind"]) > farBehind ? true : undefined;
    },
    { pollMs: 100 },
  );
}

/** Beyond the RPO and what detecting takes, so that the failover finds it behind and can wait for the rest. */
const STILL_BEHIND_MS = 5000;
const REPLAYS_LATE = `select extract(epoch from clock_timestamp() - at)::float8 as behind,
    pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn() as received
  from hosting_sla.heartbeat`;

async function delayReplay(
  cloud: LocalCloud,
  victim: Instance,
  { watch, ...promises }: Plan,
): Promise<void> {
  const { id, standby, database } = victim;
  if (standby === undefined || database.standby === undefined) return;
  const { rds } = cloud.services;
  const { pace } = cloud.ground;
  const [server, name] = [database.standby, database.name];
  const set = async (what: string) => {
    await rds.adminQuery(standby, server, `alter system ${what}`);
    await rds.adminQuery(standby, server, "select pg_reload_conf()");
  };
  const rpoMs = pace.ms(rpoSecondsOf({ watch, ...promises }) ?? NO_RPO_SECONDS);
  const delayMs = Math.ceil(
    rpoMs + pace.ms(watch.badRounds * watch.everySeconds) + STILL_BEHIND_MS,
  );
  await set(`set recovery_min_apply_delay = ${delayMs}`);
  // Its successor is copied from it.
  oncePromoted(cloud, victim, () => set("reset recovery_min_apply_delay"));
  await eventually(
    `${id}: a standby that replays ${delayMs} ms late`,
    delayMs + PATIENCE_MS,
    async () => {
      const [beat] = await rds.adminQuery(standby, server, REPLAYS_LATE, [], name);
      const isBehind = Number(beat?.["behind"]) * 1000 > delayMs - STILL_BEHIND_MS / 2;
      return isBehind && beat?.["received"] === true ? true : undefined;
    },
    { pollMs: 100 },
  );
}

/** Does it as soon as the standby is one no longer; what fails is in the event log. */
function oncePromoted({ ground }: LocalCloud, victim: Instance, work: () => Promise<void>): void {
  const { home, standby, database } = victim;
  if (standby === undefined || database.standby === undefined) return;
  const stop = ground.log.listen(({ service, operation, detail }) => {
    const isStandby = service === "rds" && detail["instance"] === database.standby;
    if (!isStandby || operation !== "StatusChanged" || detail["to"] !== "rebooting") return;
    stop();
    work().catch((cause: unknown) => {
      const detail = { message: String(cause) };
      ground.log.record({
        service: "drill",
        operation: "AfterPromotionFailed",
        region: home,
        detail,
      });
    });
  });
}

function loseRegion(
  { services: { rds }, ground }: LocalCloud,
  { apps }: Estate,
  region: string,
): void {
  ground.cutOff.add(region);
  rds.cutOff(region);
  for (const app of apps) if (app.site === region) app.isolate();
}

/** Its APIs and databases, at the same moment; nobody there has heard of anything. */
export function giveBack({ services: { rds }, ground }: LocalCloud, region: string): void {
  rds.reconnect(region);
  ground.cutOff.delete(region);
}

/** Instances whose home is the region. */
export const livingIn = ({ instances }: Fleet, region: string): readonly Instance[] =>
  instances.filter(({ home }) => home === region);
