import pc from "picocolors";
import { subscribeCommand, type Unconfirmed } from "../../functions/notify/subscriptions.ts";
import { formatDuration } from "../sla/duration.ts";
import { accountLines } from "./account-look.ts";
import type { BackupsStatus } from "./backups-now.ts";
import { callWords } from "./calls.ts";
import type { FleetStatus } from "./fleet-status.ts";
import { hanging } from "./hanging.ts";
import type { InstanceStatus } from "./instance-status.ts";
import { preparedLines } from "./preparedness.ts";
import type { Redundancy } from "./redundancy.ts";
import { webhookWords } from "./webhook-lines.ts";

type Paint = ReturnType<typeof pc.createColors>;

/** A fleet's status for people, at most 80 columns wide; colours only where `coloured`. */
export function statusLines(status: FleetStatus, coloured: boolean): readonly string[] {
  const paint = pc.createColors(coloured && pc.isColorSupported);
  return [
    ...status.instances.flatMap((each) => instanceLines(each, paint)),
    "",
    ...fleetLines(status).map((line) => paint.yellow(line)),
    ...(status.pace === 1 ? [] : [`pace ${status.pace}: what the plans allow is divided by it`]),
    status.ok ? paint.green("all well") : paint.red("something needs a person"),
  ];
}

function instanceLines(status: InstanceStatus, paint: Paint): string[] {
  const state = stateOf(status);
  const colour = status.needs.length === 0 ? paint.green : paint.red;
  return [
    `${paint.bold(status.instance)} (${status.plan}): ${colour(state)}`,
    ...rowsOf(status).flatMap(([label, value]) => hanging(`  ${label.padEnd(9)} `, value)),
    ...status.needs.flatMap((need) => hanging("  → ", need)).map((line) => paint.yellow(line)),
  ];
}

function stateOf({ look, incident, failover, recovery, needs, roles }: InstanceStatus): string {
  if (roles?.leftAt !== undefined) return `left ${short(roles.leftAt)}, nobody looks after it`;
  if (failover?.question) return "DOWN, waits for an approval";
  if (failover) return "failing over";
  if (recovery) return "being recovered";
  if (incident) return `DOWN for ${formatDuration(incident.openSeconds)}`;
  if (!look) return "not looked at";
  if (look.verdict !== "up") return look.verdict;
  return needs.length === 0 ? "up" : "up, with a need";
}

type Row = readonly [label: string, value: string];

function rowsOf({ roles, redundancy, ...status }: InstanceStatus): Row[] {
  if (!roles) return [];
  const { primary, standby, epoch, owner, since } = roles;
  const { look, incident, failover, recovery } = status;
  return [
    ["primary", `${primary.database} in ${primary.region}, epoch ${epoch} since ${short(since)}`],
    [
      "standby",
      `${standby ? `${standby.database} in ${standby.region}, ` : ""}${SAYS[redundancy]}${afterDrop(status)}`,
    ],
    ["owner", `${owner}${look ? `; ${lookWords(look)}` : ""}`],
    ...storageRows(status),
    ["RPO risk", standby ? rpoWords(status) : beatWords(status)],
    ...backupRows(status),
    ...maintenanceRows(status),
    ...(incident ? [["incident", `${incident.id} since ${short(incident.since)}`] as const] : []),
    ...(failover ? [["failover", nameOf(failover.execution)] as const] : []),
    ...(recovery
      ? [["recovery", `${nameOf(recovery.execution)} in ${recovery.region}`] as const]
      : []),
  ];
}

function maintenanceRows({ maintenance }: Pick<InstanceStatus, "maintenance">): Row[] {
  if (!maintenance) return [];
  const { window, kind, until, holdsFailovers } = maintenance;
  const held = holdsFailovers ? "; failovers held back while the region answers" : "";
  return [["window", `${kind} maintenance ${window} until ${short(until)}${held}`]];
}

const SAYS: Readonly<Record<Redundancy, string>> = {
  streaming: "streaming",
  broken: "BROKEN: RDS has ended its replication",
  "not-streaming": "NOT streaming",
  unknown: "not known whether it streams",
  building: "being built",
  degraded: "none: redundancy degraded",
  members: "other members of its cluster",
  "none-sold": "none in the fleet",
};

const afterDrop = ({ dropped }: Pick<InstanceStatus, "dropped">) =>
  dropped ? `; ${dropped.database} was given up at ${short(dropped.at)}` : "";

function backupRows({ backups }: Pick<InstanceStatus, "backups">): Row[] {
  if (!backups) return [];
  const { ageSeconds, places, of, logs } = backups;
  const rows: Row[] = logs ? [["logs", logWords(logs)]] : [];
  if (ageSeconds === undefined) return [["backups", "none yet"], ...rows];
  const newest = `newest ${inMinutes(ageSeconds)} old, in ${places} of ${of} places`;
  return [["backups", newest], ...rows];
}

const logWords = ({ to, lossSeconds }: NonNullable<BackupsStatus["logs"]>) =>
  lossSeconds === undefined
    ? `replicated to ${to}, not restorable yet`
    : `replicated to ${to}, ${inMinutes(lossSeconds)} behind`;

const inMinutes = (seconds: number) => formatDuration(Math.round(seconds / 60) * 60);

/** Only where it is low: what is in order is no row. */
function storageRows({ storage }: Pick<InstanceStatus, "storage">): Row[] {
  if (storage?.below === undefined) return [];
  const { freePercent, allocatedBytes, retainedBytes } = storage;
  const [kept, all] = [retainedBytes, allocatedBytes].map(gib);
  return [["storage", `LOW: at most ${freePercent} % of ${all} free, ${kept} of log kept`]];
}

const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

const lookWords = ({ by, ageSeconds, verdict }: NonNullable<InstanceStatus["look"]>) =>
  `${by} looked ${formatDuration(ageSeconds)} ago: ${verdict}`;

const beatWords = ({ heartbeat }: Pick<InstanceStatus, "heartbeat">) =>
  `nothing stands by${heartbeat ? `; heartbeat ${formatDuration(heartbeat.ageSeconds)} old` : ""}`;

function rpoWords({ rpo, heartbeat }: Pick<InstanceStatus, "rpo" | "heartbeat">): string {
  const { atRiskSeconds, allowedSeconds } = rpo;
  const risk = atRiskSeconds === undefined ? "not known" : formatDuration(atRiskSeconds);
  const allowed = allowedSeconds === undefined ? "" : ` of ${formatDuration(allowedSeconds)}`;
  const beat = heartbeat ? `; heartbeat ${formatDuration(heartbeat.ageSeconds)} old` : "";
  return `${risk}${allowed}${beat}`;
}

function fleetLines({
  silentWatches,
  unconfirmed,
  preparedness,
  account,
  calls,
  webhooks,
  unanswered,
}: FleetStatus): string[] {
  return [
    ...unanswered.map(({ region, what, why }) => `${region}: no ${what}: ${why}`),
    ...silentWatches.map(({ site, shard, since }) => {
      const when = since === undefined ? "it never looked" : `since ${short(since)}`;
      return `watch of ${site} silent (shard ${shard}), ${when}: docs/runbook.md#watch-silent`;
    }),
    ...calls.map(callWords),
    ...webhooks.flatMap(webhookWords),
    ...preparedness.flatMap(preparedLines),
  ]
    .flatMap((text) => hanging("→ ", text))
    .concat(account ? accountLines(account) : [])
    .concat(unconfirmed.flatMap(unconfirmedLines));
}

/** The command begins its own lines: it is there to be copied. */
const unconfirmedLines = (each: Unconfirmed) => [
  ...hanging("→ ", `${each.address} ${LACKS[each.state]} ${each.topic} in ${each.region}`),
  ...(each.state === "missing" ? subscribeCommand(each) : []),
];

const LACKS = {
  pending: "has not confirmed",
  missing: "is told nothing, for nobody confirmed in time, by",
} as const satisfies Record<Unconfirmed["state"], string>;

/** `2026-11-21 21:46:19 UTC` */
const short = (at: string) => `${at.slice(0, 19).replace("T", " ")} UTC`;

const nameOf = (execution: string) => execution.slice(execution.lastIndexOf(":") + 1);
