import { ledgerBucket } from "../../functions/ledger/contract.ts";
import type { CloudEvent } from "../local-cloud/event-log.ts";
import { firstRoles } from "../sla/roles.ts";
import { noticeSeconds } from "../sla/waits.ts";
import { heldBackMails, owedDebts } from "./aftermath.ts";
import { proveBundles } from "./bundles.ts";
import { traceTransitions } from "./causality.ts";
import { countWrites, dataLossSeconds } from "./count-writes.ts";
import type { Happening } from "./drill.ts";
import { failbackOf } from "./failback.ts";
import { haltsOf } from "./faults.ts";
import { haltOf } from "./halt.ts";
import { badVotes } from "./health.ts";
import { judge } from "./judge.ts";
import { ledgerReader } from "./ledger.ts";
import type { DnsOutcome, DrillResult, Mail, Measured, Writes } from "./result.ts";
import { looksAt, resolveNames } from "./witness.ts";

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
  const bundles = await proveBundles(stage);
  const ledger = await readLedgers(happening);
  const looks = await looksAt(stage, firstRoles(stage.fleet, victim, "").owner);
  const halt = await haltOf(happening);
  const promoted = promotedAt !== undefined;
  const heldBack = (await heldBackMails(stage)).length;
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
    ...(failback && { failback }),
  };
}

/** The way home is begun by a person, not by a watch. */
const untilPerson = ({ events, wayBack }: Happening) =>
  events.filter(({ at }) => at < (wayBack?.askedAt ?? Number.POSITIVE_INFINITY));

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

async function writesOf({ run, wayBack }: Happening, promotedAt: number | undefined) {
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
  const { lostAt, ...writes } = countWrites({ acknowledged, present, oldPrimary, promotedAt });
  const failback = wayBack && failbackOf(wayBack, acknowledged, present);
  return { writes: writes satisfies Writes, lostAt, failback };
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

async function dnsOf(happening: Happening): Promise<DnsOutcome> {
  const { run, before, events, faultAt, repayment, wayBack } = happening;
  // Records that are written afterwards moved nothing.
  const movedBy = repayment?.from ?? Number.POSITIVE_INFINITY;
  const after = wayBack?.dnsThere ?? (await resolveNames(run.stage));
  const { id } = run.victim;
  const byApi = events.some(
    ({ at, operation, trace }) =>
      at >= faultAt &&
      at < movedBy &&
      operation === "ChangeResourceRecordSets" &&
      trace !== undefined,
  );
  const byStop = events.some(
    ({ at, operation, detail }) =>
      at >= faultAt && operation === "HealthChanged" && detail["healthy"] === false,
  );
  const moved = [...before].filter(([name, target]) => name !== id && after.get(name) !== target);
  const [from = "", to = ""] = [before.get(id), after.get(id)];
  return {
    before: from,
    after: to,
    flippedBy: from === to ? null : byApi ? "api" : byStop ? "stop" : null,
    neighboursMoved: moved.length,
    ...(repayment && { heldWhileRepaid: repayment.astray.length === 0 && repayment.answers > 0 }),
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
