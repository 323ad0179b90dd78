import { inLanes } from "../kernel/lanes.ts";
import type { RecordsDebt } from "./debt.ts";
import { type DebtOutcome, outcomeOf } from "./debt-outcome.ts";
import { isRefusedBatch } from "./errors.ts";
import { cancelled, failureOf, noted, type Owing, paid, tried } from "./owing.ts";
import type { StopChecks } from "./ports.ts";
import { type Written, writeAll } from "./record-batches.ts";
import { type DnsRecord, rewritten, sameName } from "./records.ts";
import { type NextStep, nextStep, seesLowered } from "./rewriting.ts";
import type { RecordsWorld } from "./world.ts";

/** Each asks some name servers. */
const LANES = 8;

/** Proven, or what became of it in this round. */
export type Advanced = Owing | DebtOutcome;

interface Standing extends Owing {
  readonly records: readonly DnsRecord[];
  readonly step: NextStep;
}

/**
 * All that is owed in one zone, one step further. Those whose records lead right on every authoritative server come
 * back as they are: their flag may be lowered. Rejects if the zone cannot be read.
 */
export async function advanceZone(
  world: RecordsWorld,
  zone: string,
  owings: readonly Owing[],
): Promise<readonly Advanced[]> {
  const names = new Set(owings.flatMap(({ targets }) => [...targets.keys()]));
  const found = await world.signpost.records(zone, [...names]);
  const asked = askedOnce(world);
  const { clock } = world;
  const pacing = { now: clock.now(), paced: clock.paced.bind(clock) };
  const standings = owings.map((owing): Standing => {
    const records = found.filter(({ name }) => has(owing, name));
    return { ...owing, records, step: nextStep({ ...owing, records }, pacing) };
  });
  const [toWrite, others] = [
    standings.filter(({ step }) => step.kind === "write"),
    standings.filter(({ step }) => step.kind !== "write"),
  ];
  return [
    ...(await write(world, zone, toWrite)),
    ...(await inLanes(LANES, others, (each) =>
      tried(each.debt, () => advance(world, asked, each)),
    )),
  ];
}

/** What many have in common is asked for once in a round. */
interface Asked {
  isInSync(change: string): Promise<boolean>;
  seen: StopChecks["seen"];
}

const askedOnce = ({ signpost, checks }: RecordsWorld): Asked => ({
  isInSync: once((change) => signpost.isInSync(change)),
  seen: once((check) => checks.seen(check)),
});

function once<T>(ask: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (id) => {
    const answer = asked.get(id) ?? ask(id);
    asked.set(id, answer);
    return answer;
  };
}

const has = ({ targets }: Owing, name: string) =>
  [...targets.keys()].some((each) => sameName(each, name));

/** Both records of each name, even those that lead right: only a change of our own says when it is in sync. */
async function write(
  world: RecordsWorld,
  zone: string,
  standings: readonly Standing[],
): Promise<readonly DebtOutcome[]> {
  const rewrites = standings.map(({ instance, records, targets }) => ({
    instance: instance.id,
    records: rewritten(records, targets),
  }));
  const written = await writeAll(world.signpost, zone, rewrites, isRefusedBatch);
  const byInstance = new Map(written.map((each) => [each.instance, each]));
  return inLanes(LANES, standings, ({ debt, instance }) =>
    writtenOutcome(world, debt, byInstance.get(instance.id)),
  );
}

async function writtenOutcome(
  world: RecordsWorld,
  debt: RecordsDebt,
  written: Written | undefined,
): Promise<DebtOutcome> {
  if (!written) return outcomeOf(debt, "under way", "not written in this round");
  if ("failure" in written) return failureOf(debt, written.failure);
  const at = world.clock.now().toISOString();
  const { change } = written;
  return noted(world, debt, { step: "written", at, change }, `written by change ${change}`);
}

async function advance(world: RecordsWorld, asked: Asked, standing: Standing): Promise<Advanced> {
  const { debt, step } = standing;
  const inSync = () => ({ step: "in-sync", at: world.clock.now().toISOString() }) as const;
  switch (step.kind) {
    case "repair":
      return outcomeOf(debt, "failed", `the zone has no CNAME record ${step.missing}`);
    case "leave":
      return outcomeOf(debt, "undecided", `a later epoch has begun, and ${step.elsewhere}`);
    case "take-note":
      return noted(world, debt, inSync(), "written by a later epoch");
    case "await-sync":
      return (await asked.isInSync(step.change))
        ? noted(world, debt, inSync(), `change ${step.change} is in sync`)
        : outcomeOf(debt, "under way", `change ${step.change} is not in sync`);
    case "await-caches":
      return outcomeOf(debt, "under way", "resolvers may still keep the old answer");
    case "prove":
      return proven(world, standing);
    case "await-health":
      return ended(world, asked, standing);
    default:
      return outcomeOf(debt, "under way", step.kind);
  }
}

async function proven(world: RecordsWorld, standing: Standing): Promise<Advanced> {
  const { debt, instance, targets, isNewest } = standing;
  const { signpost, oracle } = world;
  const servers = await signpost.nameServers(instance.dns.zone);
  if (servers.length === 0) return outcomeOf(debt, "failed", "the zone names no servers");
  const asked = servers.flatMap((server) =>
    [...targets].map(([name, target]) => ({ server, name, target })),
  );
  const answers = await Promise.all(
    asked.map(async ({ server, name, target }) => {
      const answer = await oracle.cname(server, name);
      if (answer !== undefined && sameName(answer, target)) return [];
      return [`${server} answers ${answer ?? "nothing"} for ${name}`];
    }),
  );
  const [wrong] = answers.flat();
  // While its flag is up, SECONDARY answers; of a later epoch that may be a new standby: all the more reason.
  return wrong && isNewest ? outcomeOf(debt, "under way", wrong) : standing;
}

/** The check that watched the flag finds nothing any more: it is as before the failover. */
async function ended(world: RecordsWorld, asked: Asked, standing: Standing): Promise<DebtOutcome> {
  const { debt, records, isNewest } = standing;
  const loweredAt = debt.progress?.at ?? "";
  const watching = records.flatMap(({ failover }) => failover?.healthCheck ?? []);
  for (const check of new Set(watching)) {
    if (!seesLowered(await asked.seen(check), loweredAt)) {
      return outcomeOf(debt, "under way", `the health check ${check} still finds the flag raised`);
    }
  }
  return isNewest ? paid(world, debt) : cancelled(world, debt);
}
