import type { FenceDebt } from "../../functions/failover/debt.ts";
import { formatDuration } from "../sla/duration.ts";
import type { ApprovalWanted } from "./at-work.ts";
import type { InstanceStatus } from "./instance-status.ts";
import { wayBack } from "./way-back.ts";

/** What a person has to know or do, most urgent first; nothing for an instance that is well. */
export function needsOf(status: Omit<InstanceStatus, "needs">): readonly string[] {
  if (!status.roles) return ["no ledger knows its roles: deploy the sites (npm run deploy)"];
  // Nobody looks after it any more: what it lacks is nobody's need.
  if (status.roles.leftAt !== undefined) return [];
  return [
    ...incidentNeeds(status),
    ...lookNeeds(status),
    ...status.debts.map(({ kind, region, because }) => `debt ${kind} in ${region}: ${because}`),
    ...status.fences.flatMap(fenceNeeds),
    ...storageNeeds(status),
    ...readingNeeds(status),
    ...redundancyNeeds(status),
    ...rpoNeeds(status),
    ...backupNeeds(status),
  ];
}

function incidentNeeds(status: Omit<InstanceStatus, "needs">): string[] {
  const { instance, incident, failover, recovery } = status;
  if (failover?.question) return approvalNeeds(instance, failover.question);
  if (failover) return [`a failover is running; sla abort ${instance} stops it before promote`];
  if (recovery) {
    return [`it is being restored; sla abort ${instance} stops it before anything is fenced`];
  }
  if (!incident) return [];
  const { told, failovers } = incident;
  const last = failovers.at(-1);
  if (last?.outcome === "halted") {
    return [
      last.id.startsWith("rc-")
        ? `recovery ${last.id} halted (${last.code}): docs/runbook.md#recovery-halted`
        : `failover ${last.id} halted (${last.code}): docs/runbook.md#failover-halted`,
    ];
  }
  if (told.includes("application-down")) {
    return ["the application is down and its database lives: repair the application"];
  }
  if (told.includes("no-standby")) {
    return [nobodyNeeds(status)];
  }
  return withheldNeeds(status, told);
}

const nobodyNeeds = (status: Omit<InstanceStatus, "needs">): string =>
  status.redundancy === "members"
    ? "RDS does not answer in its region, so no member can take over: docs/engines.md#clusters-of-one-region"
    : `the database is gone, nobody stands by: ${wayBack(status)}`;

function withheldNeeds(
  { instance, maintenance }: Omit<InstanceStatus, "needs">,
  told: readonly string[],
): string[] {
  if (told.includes("maintenance") && maintenance?.holdsFailovers) {
    const { window, until } = maintenance;
    return [
      `maintenance ${window} holds its failover back until ${until}: sla maintenance cancel ${window} --reason '…', or sla failover ${instance} --force --reason '…'`,
    ];
  }
  const withheld = WITHHELD.find((because) => told.includes(because));
  if (withheld === undefined) return ["an incident is open; recovery has not begun yet"];
  return [`nothing starts by itself (${withheld}): sla failover ${instance} --dry-run`];
}

function approvalNeeds(instance: string, { until, otherwise }: ApprovalWanted): string[] {
  const end = otherwise === "failover" ? "it goes on by itself" : "it stops";
  return [
    `a failover waits for an approval until ${until}, then ${end}: sla approve ${instance} --reason '…' (or --refuse)`,
  ];
}

const WITHHELD = ["alert-only", "not-owner", "unclear"] as const;

function lookNeeds({ look }: Omit<InstanceStatus, "needs">): string[] {
  if (!look) return ["no look at it yet"];
  return look.late ? [`nobody has looked at it for ${formatDuration(look.ageSeconds)}`] : [];
}

function fenceNeeds(fence: FenceDebt): readonly string[] {
  const { database, region, unsevered, unsearched, unread } = fence;
  const old = `the old primary ${database} in ${region}`;
  const book = "docs/runbook.md#fence-debts";
  if (unsevered) {
    return [`${old} does not answer, its sessions may be open; they end when it does: ${book}`];
  }
  if (unsearched === "in part") return [`${old} is not looked through: ${unread}: ${book}`];
  return unsearched === true
    ? [`${old} is not looked through yet, it does not answer: ${book}`]
    : [];
}

function storageNeeds({ storage }: Omit<InstanceStatus, "needs">): string[] {
  if (storage?.below === undefined) return [];
  const { freePercent, dropsBelow } = storage;
  const end = dropsBelow === undefined ? "" : `, below ${dropsBelow} % it is given up by itself`;
  return [
    `the log kept for the standby leaves ${freePercent} % of the storage free${end}: docs/runbook.md#storage-low`,
  ];
}

function readingNeeds({ unreadTables }: Omit<InstanceStatus, "needs">): string[] {
  if (unreadTables === undefined) return [];
  const tables = unreadTables === 1 ? "1 table" : `${unreadTables} tables`;
  return [
    `our login may not read ${tables}, which hides rows that a failover leaves behind: docs/runbook.md#rows-unreadable`,
  ];
}

function redundancyNeeds({
  redundancy,
  roles,
  instance,
  broken,
}: Omit<InstanceStatus, "needs">): string[] {
  const since = roles?.since.slice(0, 19).replace("T", " ");
  switch (redundancy) {
    case "degraded":
      return [
        `redundancy degraded since ${since} UTC, and nobody builds a standby: sla reprotect ${instance} --reason '…'`,
      ];
    case "building":
      return [`redundancy degraded since ${since} UTC: a new standby is being built`];
    case "broken":
      return [`the standby's replication is ${broken}: docs/runbook.md#standby-broken`];
    case "not-streaming":
      return ["the standby was not streaming at the last good look"];
    default:
      return [];
  }
}

function rpoNeeds({ rpo, roles, look }: Omit<InstanceStatus, "needs">): string[] {
  const { atRiskSeconds, allowedSeconds } = rpo;
  if (!roles?.standby || allowedSeconds === undefined || !look) return [];
  if (atRiskSeconds === undefined) return ["RPO at risk unknown: no heartbeat on the standby"];
  if (atRiskSeconds <= allowedSeconds) return [];
  const [risk, allowed] = [atRiskSeconds, allowedSeconds].map(formatDuration);
  return [`RPO at risk ${risk}, the plan allows ${allowed}`];
}

function backupNeeds({ instance, backups }: Omit<InstanceStatus, "needs">): string[] {
  const [first, ...more] = backups?.troubles ?? [];
  if (!first) return [];
  const others = more.length > 0 ? `, and ${more.length} more` : "";
  return [`backups in ${first.region}: ${first.detail}${others}: sla backups ${instance}`];
}
