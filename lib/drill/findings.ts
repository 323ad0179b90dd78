import { ledgerBucket } from "../../functions/ledger/contract.ts";
import type { CloudEvent } from "../local-cloud/event-log.ts";
import { firstRoles } from "../sla/roles.ts";
import { noticeSeconds } from "../sla/waits.ts";
import { heldBackMails, owedDebts } from "./aftermath.ts";
import { proveBundles } from "./bundles.ts";
import { traceTransitions } from "./causality.ts";
import { type Comeback, divergentIn } from "./comeback.ts";
import { countWrites, dataLossSeconds } from "./count-writes.ts";
import { dnsOf } from "./dns-outcome.ts";
import type { Happening } from "./drill.ts";
import { failbackOf } from "./failback.ts";
import { haltsOf } from "./faults.ts";
import { haltOf } from "./halt.ts";
import { badVotes } from "./health.ts";
import { judge } from "./judge.ts";
import { ledgerReader } from "./ledger.ts";
import { stakesOf } from "./promises.ts";
import type { Check, DrillResult, InstanceResult, Mail, Measured, Writes } from "./result.ts";
import { looksAt } from "./witness.ts";

/** Likewise, where a region was lost with one object for each instance; one that failed fails the run. */
export async function concludeAll(happening: Happening): Promise<DrillResult> {
  const { run, hit, comebacks } = happening;
  const result = await conclude(happening);
  if (!comebacks) return result;
  const { pace } = run.stage.cloud.ground;
  const others = await Promise.all(
    hit.map((victim) =>
      victim.id === run.victim.id
        ? result
        : conclude({
            ...happening,
            run: { ...run, victim },
            stakes: stakesOf(run.stage.fleet, victim, pace.factor),
          }),
    ),
  );
  const instances = others.map((each) => instanceResult(each, comebacks.get(each.instance)));
  const checks = [...result.checks, ...others.filter((each) => each !== result).map(asOneCheck)];
  return { ...result, checks, ok: checks.every(({ ok }) => ok), instances };
}

const asOneCheck = ({ instance, ok, checks }: DrillResult): Check => ({
  name: `${instance}, lost with it: all of its promises`,
  ok,
  found: checks.find((check) => !check.ok)?.name ?? `${checks.length} checks hold`,
});

function instanceResult(
  { instance, plan, ok, checks, promised, deadlineSeconds, ...rest }: DrillResult,
  comeback: Comeback | undefined,
): InstanceResult {
  const { measured, writes, dns, promoted, fence, debts } = rest;
  const paidMs = (comeback?.paidAt ?? Number.NaN) - (comeback?.returnedAt ?? Number.NaN);
  return {
    ...{ instance, plan, ok, checks, promised, deadlineSeconds },
    ...{ measured, writes, dns, promoted, fence, debts },
    fencePaidSeconds: Number.isNaN(paidMs) ? null : paidMs / 1000,
  };
}

/** Counts, measures and judges what a run left behind. */
export async function conclude(happening: Happening): Promise<DrillResult> {
  const { run, stakes, events, faultAt } = happening;
  const { victim, fault, stage } = run;
  const expected = fault.expects(victim, stakes.plan);
  const promotedAt = promotionOf(happening);
  const { writes, lostAt, failback } = await writesOf(happening, promotedAt);
  const measured = measure(happening, lostAt);
  const dns = await dnsOf(happening);
  const { transitions, stray } = traceTransitions(untilPerson(happening), faultAt);
  const since = events.filter(({ at }) => at >= faultAt);
  const mails = since.flatMap(mailOf);
  const { bundles, ledger, looks, halt, heldBack } = await leftBehind(happening);
  const promoted = promotedAt !== undefined;
  const facts = { measured, writes, dns, promoted, halt, mails, bundles };
  const shown = fault.shows && expected === "failover" ? [fault.shows(since)] : [];
  const judged = judge({
    ...facts,
    expected,
    haltsAt: haltsOf(fault, victim, stakes.plan),
    deadlineSeconds: stakes.deadlineSeconds,
    rpoLimitSeconds: stakes.rpoLimitSeconds,
    recorded: ledger.recorded,
    repayment: happening.repayment,
    comeback: returned(happening, promotedAt),
    without: (run.without ?? []).map(({ kind }) => kind),
    debts: ledger.debts,
    heldBack,
    badVotes: badVotes(victim.id, looks, faultAt),
    transitions: transitions.length,
    transitionsNotFromWatch: stray.length,
    failback,
  });
  const checks = [...judged, ...shown];
  return {
    instance: victim.id,
    plan: victim.plan,
    fault: fault.name,
    without: (run.without ?? []).map(({ name }) => name),
    pace: stage.cloud.ground.pace.factor,
    ok: checks.every(({ ok }) => ok),
    expected,
    checks,
    timeline: happening.timeline,
    promised: stakes.promised,
    deadlineSeconds: stakes.deadlineSeconds,
    ...facts,
    fence: ledger.fence,
    debts: ledger.debts,
    machine: happening.machine,
    ...(failback && { failback }),
  };
}

/** What is found in the cloud and its ledgers afterwards. */
async function leftBehind(happening: Happening) {
  const { stage, victim } = happening.run;
  return {
    bundles: await proveBundles(stage),
    ledger: await readLedgers(happening),
    looks: await looksAt(stage, firstRoles(stage.fleet, victim, "").owner),
    halt: await haltOf(happening),
    heldBack: (await heldBackMails(stage)).length,
  };
}

/** The way home is begun by a person, not by a watch. */
const untilPerson = ({ events, wayBack }: Happening) =>
  events.filter(({ at }) => at < (wayBack?.askedAt ?? Number.POSITIVE_INFINITY));

/** Of this instance: others of a lost region stay where they are. */
const wayBackOf = ({ run, wayBack }: Happening) =>
  wayBack?.instance === run.victim.id ? wayBack : undefined;

/** What of a region's return is held against the promise. */
function returned({ run, comebacks }: Happening, promotedAt: number | undefined) {
  const { stage, victim } = run;
  const comeback = comebacks?.get(victim.id);
  if (!comeback) return undefined;
  const { address } = stage.cloud.services.rds.server(victim.home, victim.database.primary);
  const acknowledged = stage.estate.writers.acknowledged(victim.id);
  const { paidAt, returnedAt } = comeback;
  return {
    ...divergentIn(acknowledged, address, promotedAt, comeback),
    paidMs: paidAt === undefined ? null : paidAt - returnedAt,
    roundMs: stage.cloud.ground.pace.ms(ROUND_SECONDS),
  };
}

/** Plan seconds between two rounds of a payer. */
const ROUND_SECONDS = 60;

/** When the standby stopped being one, in milliseconds since 1970. */
function promotionOf({ events, faultAt, run }: Happening): number | undefined {
  const { standby } = run.victim.database;
  return events.find(
    ({ at, service, operation, detail }) =>
      at >= faultAt &&
      service === "rds" &&
      operation === "StatusChanged" &&
      detail["instance"] === standby &&
      detail["to"] === "rebooting",
  )?.at;
}

async function writesOf(happening: Happening, promotedAt: number | undefined) {
  const { run, comebacks } = happening;
  const wayBack = wayBackOf(happening);
  const { cloud, estate } = run.stage;
  const { home, standby, database, id } = run.victim;
  const { rds } = cloud.services;
  const there =
    promotedAt === undefined
      ? { region: home, database: database.primary }
      : { region: standby ?? home, database: database.standby ?? "" };
  const last = wayBack?.primary ?? there;
  const acknowledged = estate.writers.acknowledged(id);
  const present = await rds
    .adminQuery(last.region, last.database, "select id from drill_rows", [], database.name)
    .then((rows) => new Set(rows.map((row) => Number(row["id"]))))
    // A killed primary without standby has nothing to show: what it acknowledged is judged as kept.
    .catch(() => new Set(acknowledged.map((row) => row.id)));
  const oldPrimary = rds.server(home, database.primary).address;
  const comeback = comebacks?.get(id);
  const facts = { acknowledged, present, oldPrimary, promotedAt };
  const { lostAt, ...writes } = countWrites({
    ...facts,
    ...(comeback && { returnedAt: comeback.returnedAt }),
  });
  const exported = comeback && divergentIn(acknowledged, oldPrimary, promotedAt, comeback).exported;
  const all = { ...writes, ...(exported !== undefined && { divergentExported: exported }) };
  const failback = wayBack && failbackOf(wayBack, acknowledged, present);
  return { writes: all satisfies Writes, lostAt, failback };
}

function measure(happening: Happening, lostAt: readonly number[]): Measured {
  const { run, stakes, waitsSeconds, faultAt, endedAt } = happening;
  const { cloud, estate } = run.stage;
  const { standby, database, id } = run.victim;
  const address =
    standby !== undefined && database.standby !== undefined
      ? cloud.services.rds.server(standby, database.standby).address
      : undefined;
  const first = estate.writers.acknowledged(id).find(({ server }) => server === address);
  const rtoSeconds = first ? (first.at - faultAt) / 1000 : null;
  return {
    rtoSeconds,
    rpoSeconds: first ? dataLossSeconds(lostAt, faultAt) : null,
    waitsSeconds,
    undivided: { noticeSeconds: noticeSeconds(stakes.plan), ttlSeconds: run.victim.dns.ttl },
    overheadSeconds: rtoSeconds === null ? null : rtoSeconds - waitsSeconds,
    observedSeconds: (endedAt - faultAt) / 1000,
  };
}

function mailOf({ service, operation, detail, at }: CloudEvent): Mail[] {
  if (service !== "sns" || operation !== "EmailDelivered") return [];
  const { to, subject } = detail;
  return [{ at: new Date(at).toISOString(), to: String(to), subject: String(subject) }];
}

interface FenceStep {
  readonly fence?: { readonly kind?: string };
}

/** What the failover wrote down in the owner's ledger, and what is still owed anywhere. */
async function readLedgers({ run }: Happening) {
  const { fleet, estate } = run.stage;
  const { id, standby } = run.victim;
  const at = (region: string) =>
    ledgerReader(estate.aws.s3(region), ledgerBucket(fleet.provider.account, region));
  const debts = await owedDebts(run.stage, id);
  const steps = standby === undefined ? [] : await at(standby).keys(`failovers/${id}/`);
  const record = steps.find((key) => key.endsWith("/record.json"));
  const written =
    record === undefined || standby === undefined
      ? undefined
      : await at(standby).read<FenceStep>(record);
  return {
    debts,
    recorded: record !== undefined,
    fence: written?.fence?.kind ?? "—",
  };
}
