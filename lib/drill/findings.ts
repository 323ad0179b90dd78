import type { CloudEvent } from "../local-cloud/event-log.ts";
import { noticeSeconds } from "../sla/waits.ts";
import { heldBackMails, owedDebts } from "./aftermath.ts";
import { ROWS_PRESENT } from "./application-sql.ts";
import { proveBundles } from "./bundles.ts";
import { traceTransitions } from "./causality.ts";
import { type Comeback, divergentIn } from "./comeback.ts";
import { countWrites, dataLossSeconds, newestBackSeconds } from "./count-writes.ts";
import { denialsIn } from "./denials.ts";
import { dnsOf } from "./dns-outcome.ts";
import type { Happening } from "./drill.ts";
import { failbackOf } from "./failback.ts";
import { haltsOf } from "./faults.ts";
import { haltOf } from "./halt.ts";
import { badVotes } from "./health.ts";
import { judge } from "./judge.ts";
import type { Acknowledgement } from "./processes/writers.ts";
import { stakesOf } from "./promises.ts";
import { recoveryOf } from "./recovery.ts";
import type { Check, DrillResult, InstanceResult, Mail, Measured, Writes } from "./result.ts";
import { addressOf, bookkeeperOf, recordOf, successorOf, takeoverOf } from "./successor.ts";
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
  const promotedAt = takeoverOf(happening);
  const { writes, lostAt, failback, present } = await writesOf(happening, promotedAt);
  const dns = await dnsOf(happening);
  const { transitions, stray } = traceTransitions(untilPerson(happening), faultAt);
  const since = events.filter(({ at }) => at >= faultAt);
  const mails = since.flatMap(mailOf);
  const { bundles, ledger, looks, halt, heldBack } = await leftBehind(happening);
  const measured = measure(happening, { lostAt, present, pageAt: ledger.pageAt });
  const recovery = await recoveryOf(happening, present);
  const promoted = promotedAt !== undefined;
  const facts = { measured, writes, dns, promoted, halt, mails, bundles };
  const shown = fault.shows && expected === "failover" ? [fault.shows(since)] : [];
  const judged = judge({
    ...facts,
    ...{ expected, haltsAt: haltsOf(fault, victim, stakes.plan) },
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
    ...{ failback, recovery, denials: denialsIn(stage.cloud.ground.log.all()) },
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
    ...(stage.deployment && { deployment: stage.deployment }),
    ...(failback && { failback }),
    ...(recovery && { recovery }),
  };
}

/** What is found in the cloud and its ledgers afterwards. */
async function leftBehind(happening: Happening) {
  const { stage } = happening.run;
  return {
    bundles: await proveBundles(stage),
    ledger: await readLedgers(happening),
    looks: await looksAt(stage, bookkeeperOf(happening)),
    halt: await haltOf(happening),
    heldBack: (await heldBackMails(stage)).length,
  };
}

/** The way home and a recovery are begun by a person, not by a watch. */
const untilPerson = ({ events, wayBack, byHand }: Happening) => {
  const askedAt = wayBack?.askedAt ?? byHand?.askedAt ?? Number.POSITIVE_INFINITY;
  return events.filter(({ at }) => at < askedAt);
};

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

async function writesOf(happening: Happening, promotedAt: number | undefined) {
  const { run, comebacks, byHand } = happening;
  const wayBack = wayBackOf(happening);
  const { cloud, estate } = run.stage;
  const { home, database, id } = run.victim;
  const { rds } = cloud.services;
  const isTaken = byHand !== undefined && promotedAt !== undefined;
  const stays = { region: home, database: database.primary };
  const there = promotedAt === undefined ? stays : (successorOf(happening) ?? stays);
  const last = wayBack?.primary ?? there;
  const acknowledged = estate.writers.acknowledged(id);
  const present = await rds
    .adminQuery(last.region, last.database, ROWS_PRESENT, [], database.name)
    .then((rows) => new Set(rows.map((row) => Number(row["id"]))))
    // A killed primary without standby has nothing to show: what it acknowledged is judged as kept.
    .catch(() => new Set(isTaken ? [] : acknowledged.map((row) => row.id)));
  const oldPrimary = rds.server(home, database.primary).address;
  const comeback = comebacks?.get(id);
  const facts = { acknowledged, present, oldPrimary, promotedAt };
  const { lostAt, ...writes } = countWrites({
    ...facts,
    ...(comeback && { returnedAt: comeback.returnedAt }),
    ...(byHand?.wentBackTo !== undefined && { wentBackTo: byHand.wentBackTo }),
  });
  const all = { ...writes, ...(comeback && foundOn(comeback, facts)) };
  const failback = wayBack && failbackOf(wayBack, acknowledged, present);
  return { writes: all satisfies Writes, lostAt, failback, present };
}

interface Facts {
  readonly acknowledged: readonly Acknowledgement[];
  readonly oldPrimary: string;
  readonly promotedAt: number | undefined;
}

/** What the product found on an old primary whose region came back. */
function foundOn(comeback: Comeback, { acknowledged, oldPrimary, promotedAt }: Facts) {
  const { exported } = divergentIn(acknowledged, oldPrimary, promotedAt, comeback);
  return { divergentExported: exported, deletedAtMost: comeback.deletedAtMost ?? null };
}

interface Counted {
  readonly lostAt: readonly number[];
  readonly present: ReadonlySet<number>;
  readonly pageAt: number | undefined;
}

function measure(happening: Happening, { lostAt, present, pageAt }: Counted): Measured {
  const { run, stakes, waitsSeconds, faultAt, endedAt, byHand } = happening;
  const address = addressOf(happening);
  const acknowledged = run.stage.estate.writers.acknowledged(run.victim.id);
  const first = acknowledged.find(({ server }) => server === address);
  const servedAt = first && Math.max(first.at, (byHand && pageAt) ?? first.at);
  const rtoSeconds = servedAt === undefined ? null : (servedAt - faultAt) / 1000;
  const rpoSeconds = byHand
    ? newestBackSeconds({ acknowledged, present }, faultAt)
    : dataLossSeconds(lostAt, faultAt);
  return {
    rtoSeconds,
    rpoSeconds: first ? rpoSeconds : null,
    waitsSeconds,
    undivided: { noticeSeconds: noticeSeconds(stakes.plan), ttlSeconds: run.victim.dns.ttl },
    // How long a restore takes nobody has configured.
    overheadSeconds: rtoSeconds === null || byHand ? null : rtoSeconds - waitsSeconds,
    observedSeconds: (endedAt - faultAt) / 1000,
  };
}

function mailOf({ service, operation, detail, at }: CloudEvent): Mail[] {
  if (service !== "sns" || operation !== "EmailDelivered") return [];
  const { to, subject } = detail;
  return [{ at: new Date(at).toISOString(), to: String(to), subject: String(subject) }];
}

/** What the workflow wrote down when it was done, and what is still owed anywhere. */
async function readLedgers(happening: Happening) {
  const [debts, record] = await Promise.all([
    owedDebts(happening.run.stage, happening.run.victim.id),
    recordOf(happening),
  ]);
  const pageAt = record?.goodAt === undefined ? undefined : Date.parse(record.goodAt);
  return { debts, recorded: record !== undefined, fence: record?.fence?.kind ?? "—", pageAt };
}
