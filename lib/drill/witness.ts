import { Resolver } from "node:dns/promises";
import { availableParallelism, loadavg } from "node:os";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { FAILOVER_MACHINE } from "../../functions/failover/contract.ts";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { type IncidentRecord, WATCH_FUNCTION } from "../../functions/watch/contract.ts";
import type { Instance } from "../sla/fleet.ts";
import { firstRoles } from "../sla/roles.ts";
import { eventually } from "./eventually.ts";
import { crowding, isHealthy, lackOf, type SeenLook, type SeenRound } from "./health.ts";
import { ledgerReader } from "./ledger.ts";
import type { Stage } from "./stage.ts";
import { wrap } from "./wrap.ts";

type Ledger = ReturnType<typeof ledgerReader>;

const HEALTHY_WITHIN_MS = 90_000;
/** Each look reads the ledger through the same two cores that the product works on. */
const LOOK_MS = 200;
/** A line of progress stands two columns in on a screen of eighty. */
const PROGRESS_WIDTH = 78;

export const ledgerOf = ({ estate, fleet }: Stage, region: string) =>
  ledgerReader(estate.aws.s3(region), ledgerBucket(fleet.provider.account, region));

/**
 * Waits until one look found every instance good from every vantage, with its heartbeat advancing. Says
 * every few seconds who has not seen what. Throws UserError with the same words after 90 s.
 */
export async function everyVantageSawHealthy(
  stage: Stage,
  progress: (line: string) => void,
): Promise<void> {
  const { fleet } = stage;
  const owned = Map.groupBy(fleet.instances, (each) => firstRoles(fleet, each, "").owner);
  const waits = [...owned].map(([owner, instances]) => {
    const missing = new Set(instances.map(({ id }) => id));
    return eventually(
      `every vantage to see all instances of ${owner} healthy`,
      HEALTHY_WITHIN_MS,
      () => strikeHealthy(stage, owner, missing),
      { pollMs: LOOK_MS, stillWaiting: (why) => tellLines(why, progress) },
    );
  });
  await Promise.all(waits);
}

function tellLines(why: string, progress: (line: string) => void): void {
  const head = "still waiting: ";
  for (const line of why.split("; ")) {
    for (const [index, row] of wrap(line, PROGRESS_WIDTH - head.length).entries()) {
      progress((index === 0 ? head : " ".repeat(head.length)) + row);
    }
  }
}

/** What a site wrote down of its looks, oldest first; of the newest so many rounds if wanted. */
export async function looksAt(stage: Stage, owner: string, newest?: number): Promise<SeenLook[]> {
  const ledger = ledgerOf(stage, owner);
  const keys = (await ledger.keys("rounds/")).toSorted();
  const wanted = newest === undefined ? keys : keys.slice(-newest);
  const rounds = await Promise.all(wanted.map((key) => ledger.read<SeenRound>(key)));
  return rounds.flatMap((round) => round?.looks ?? []);
}

/** Takes those that a recent look found healthy out of `missing`. Throws Error saying what the others lack. */
async function strikeHealthy(stage: Stage, owner: string, missing: Set<string>): Promise<true> {
  const ledger = ledgerOf(stage, owner);
  const looks = await looksAt(stage, owner, 3);
  const why: string[] = [];
  for (const id of missing) {
    const lack = await lackNow(id, looks, stage.fleet.vantages, ledger);
    if (lack === undefined) missing.delete(id);
    else why.push(lack);
  }
  if (runningFailovers(stage) > 0) why.push("a failover that a busy start began has not ended yet");
  if (why.length === 0) return true;
  const [load = 0] = loadavg();
  const causes = [...complaintOf(stage, owner), ...crowding(load, availableParallelism())];
  throw new Error([...why, ...causes].join("; "));
}

/** Undefined if a look found the instance healthy and nothing of a busy start is left open. */
async function lackNow(
  id: string,
  looks: readonly SeenLook[],
  vantages: readonly string[],
  ledger: Ledger,
): Promise<string | undefined> {
  const healthy = looks.some(({ instances }) => isHealthy(instances[id], vantages));
  if (!healthy) return lackOf(id, looks, vantages);
  return (await hasOpenIncident(ledger, id)) ? `${id}: an incident is not closed yet` : undefined;
}

/** A busy start may have opened one: its end among the mails of the fault would mislead. */
async function hasOpenIncident(ledger: Ledger, id: string): Promise<boolean> {
  const records = await Promise.all(
    (await ledger.keys(`incidents/${id}/`)).map((key) => ledger.read<IncidentRecord>(key)),
  );
  return records.some((record) => record?.openedAt !== undefined && record.closedAt === undefined);
}

const ENDS = ["Succeeded", "Failed", "Aborted", "TimedOut"];

/** Executions begun and not ended: what they do after the fault would be taken for its work. */
export function runningFailovers({ cloud }: Pick<Stage, "cloud">): number {
  const count = (operation: string) =>
    cloud.ground.log.of(operation).filter(({ detail }) => detail["machine"] === FAILOVER_MACHINE)
      .length;
  const ended = ENDS.map((end) => count(`Execution${end}`));
  return count("ExecutionStarted") - ended.reduce((all, each) => all + each, 0);
}

/** The last failure of the owner's watch, if the newest one failed: nobody else would tell. */
function complaintOf({ cloud }: Stage, owner: string): string[] {
  const last = cloud.ground.log
    .of("Invoked")
    .findLast(({ region, detail }) => region === owner && detail["function"] === WATCH_FUNCTION);
  const error = last?.detail["error"];
  return error === undefined ? [] : [`${WATCH_FUNCTION} in ${owner} failed with ${error}`];
}

/** What the authoritative servers say of each instance's database and application now: id → targets. */
export async function resolveNames({ fleet, cloud }: Stage): Promise<Map<string, string>> {
  const entries = fleet.instances.map(
    async (instance) => [instance.id, await namesOf({ cloud }, instance)] as const,
  );
  return new Map(await Promise.all(entries));
}

/** The same of one instance, by these servers. */
export async function namesOf(
  { cloud }: Pick<Stage, "cloud">,
  { dns: { names } }: Instance,
  servers: readonly string[] = cloud.ground.dnsServers,
): Promise<string> {
  const resolver = new Resolver();
  resolver.setServers([...servers]);
  const all = [names.database, ...(names.app === undefined ? [] : [names.app])];
  const targets = await Promise.all(all.map((name) => resolver.resolveCname(name)));
  return targets.flat().join(", ");
}

/** Targets of all record sets of an instance's names, those of SECONDARY as well. */
export async function recordsNow({ estate }: Stage, { dns }: Instance): Promise<string[]> {
  const names = [dns.names.database, ...(dns.names.app === undefined ? [] : [dns.names.app])];
  const found = await Promise.all(
    names.map(async (name) => {
      const { ResourceRecordSets } = await estate.aws.route53().send(
        new ListResourceRecordSetsCommand({
          HostedZoneId: dns.zone,
          StartRecordName: name,
          StartRecordType: "CNAME",
          MaxItems: 2,
        }),
      );
      return (ResourceRecordSets ?? [])
        .filter((set) => set.Name?.replace(/\.$/, "") === name)
        .flatMap((set) => set.ResourceRecords?.[0]?.Value ?? []);
    }),
  );
  return found.flat();
}
