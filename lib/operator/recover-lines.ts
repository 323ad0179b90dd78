import { ACCEPTABLE_HALTS } from "../../functions/failover/contract.ts";
import { flagsOf } from "../../functions/failover/person.ts";
import { RECOVER_STEPS } from "../../functions/recover/contract.ts";
import { formatDuration } from "../sla/duration.ts";
import type { Foreseen } from "./foresee.ts";
import { hanging } from "./hanging.ts";
import { localTime } from "./local-time.ts";
import { objections, said } from "./outlook-lines.ts";
import { lackWords } from "./preparedness.ts";
import type { Candidate } from "./recover-candidates.ts";
import { boundSeconds, foreseenRecovery } from "./recover-foresee.ts";
import type { RecoveryPlan } from "./recovery-plan.ts";

/** From what an instance can be brought back, what is taken and what it costs, at most 80 columns wide. */
export function recoverLines(plan: RecoveryPlan, timezone: string): readonly string[] {
  const taken = foreseenRecovery(plan).filter(({ accepted }) => accepted);
  return [
    ...tableOf(plan, timezone),
    ...rowsOf(plan, timezone).flatMap(([label, value]) => hanging(`  ${label.padEnd(9)} `, value)),
    ...taken.flatMap(({ code, words }) => hanging("  taken on  ", `${code}: ${words}`)),
  ];
}

/** What stands in the way and the flags that would take it upon oneself; undefined if nothing does. */
export const recoverRefusal = (
  plan: RecoveryPlan,
  command: string,
): readonly string[] | undefined =>
  objections(foreseenRecovery(plan), (open) => [command, ...flagsFor(plan, open)]);

function flagsFor(plan: RecoveryPlan, open: readonly Foreseen[]): readonly string[] {
  const { accept = [], allowLossSeconds, ...rest } = plan.request;
  const more = ACCEPTABLE_HALTS.filter((code) => open.some((each) => each.code === code));
  const needsLoss = more.includes("HaltBehind");
  const seconds = needsLoss ? Math.ceil(boundSeconds(plan)) : allowLossSeconds;
  return flagsOf({
    ...rest,
    accept: [...accept, ...more],
    ...(seconds !== undefined && { allowLossSeconds: seconds }),
  });
}

function tableOf(plan: RecoveryPlan, timezone: string): string[] {
  const { candidates, chosen, silent, lostUntil } = plan;
  const local = localTime(timezone);
  const rows = candidates.map((each) => ({
    mark: each === chosen ? ">" : " ",
    where: each.region,
    data: local(each.at),
    lost: formatDuration(wholeSeconds(each.at, lostUntil)),
    from: kindOf(each),
  }));
  const width = Math.max(...[...rows.map(({ where }) => where), ...silent].map(lengthOf));
  return [
    { mark: " ", where: "where", data: "data of", lost: "lost", from: "from" },
    ...rows,
    ...silent.map((where) => ({ mark: " ", where, data: "does not answer", lost: "", from: "" })),
    { mark: "", where: "", data: "", lost: "", from: "" },
  ].map(({ mark, where, data, lost, from }) =>
    `${mark} ${where.padEnd(width)}  ${data.padEnd(16)}  ${lost.padEnd(8)} ${from}`.trimEnd(),
  );
}

const lengthOf = ({ length }: string) => length;

const PROOFS = {
  proven: "a backup, proven",
  untested: "a backup, untested",
  failed: "a backup, its test FAILED",
} as const;

const kindOf = ({ proof }: Candidate) => (proof === undefined ? "logs" : PROOFS[proof]);

type Row = readonly [label: string, value: string];

function rowsOf(plan: RecoveryPlan, timezone: string): Row[] {
  const { roles, seats, chosen, because, region, request, status } = plan;
  const { primary, standby } = roles;
  const { look } = status;
  const seen = look ? `${look.verdict}, ${formatDuration(look.ageSeconds)} ago` : "not looked at";
  const steps = RECOVER_STEPS.map(({ state }) => state).join(" → ");
  return [
    ["was", `${primary.database} in ${primary.region}, ${said(seats.primary)}; seen: ${seen}`],
    ...(standby
      ? [["standby", `${standby.database} in ${standby.region}, ${said(seats.standby)}`] as const]
      : []),
    ["takes", `${sourceOf(chosen)} in ${region}: ${because}`],
    ...plan.lacks.map((lack) => ["lacks", lackWords(lack)] as const),
    ["becomes", `${chosen.seat.database} in ${region}, epoch ${roles.epoch + 1}`],
    ["lost", lostWords(plan, timezone)],
    ["promised", promiseOf(plan)],
    ["app", applicationOf(plan)],
    ["old", remainsOf(plan)],
    ["would", `${request.continues ? "go on with" : "take"} these steps in ${region}: ${steps}`],
  ];
}

export const sourceOf = ({ from, id, at }: Pick<Candidate, "from" | "id" | "at">): string =>
  from === "logs" ? `logs up to ${at}` : `backup ${id ?? "of unknown name"} of ${at}`;

function lostWords({ chosen, lostUntil, now }: RecoveryPlan, timezone: string): string {
  const local = localTime(timezone);
  const span = `${local(chosen.at)} – ${local(lostUntil)} (${timezone})`;
  const lost = formatDuration(wholeSeconds(chosen.at, lostUntil));
  const end =
    lostUntil === now.toISOString()
      ? "up to now, and what is written until it is fenced"
      : "up to the first bad round";
  return `what was written ${span}: ${lost}, ${end}`;
}

function promiseOf({ plan, pacer }: RecoveryPlan): string {
  const sold = plan?.siteLoss;
  if (!sold) return "nothing for a data center that is lost";
  const [rpo, rto] = [sold.rpoSeconds, sold.rtoSeconds].map(formatDuration);
  const pace = Math.round(1000 / pacer.paced(1));
  const divided = pace === 1 ? "" : `, divided by the pace of ${pace}`;
  return `RPO ${rpo}, RTO ${rto} for a data center that is lost${divided}`;
}

function applicationOf({ chosen, instance, region }: RecoveryPlan): string {
  const { app } = instance.dns.names;
  const { seat } = chosen;
  if (seat.app !== undefined) return `${app ?? instance.url} leads to ${seat.app}`;
  if (app === undefined) return "none in the fleet: the database only";
  return `database only: ${app} is left alone, for the fleet has no app.recovery in ${region}`;
}

function remainsOf({ roles: { primary, standby }, instance }: RecoveryPlan): string {
  const all = [primary, ...(standby ? [standby] : [])]
    .map(({ database }) => database)
    .join(" and ");
  return `${all}: no clients any more, in quarantine until sla retire ${instance.id}`;
}

const wholeSeconds = (from: string, to: string) =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
