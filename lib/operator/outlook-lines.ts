import { ACCEPTABLE_HALTS, FAILOVER_STEPS } from "../../functions/failover/contract.ts";
import { lossLimit } from "../../functions/failover/loss-limit.ts";
import { lossBound } from "../../functions/failover/measure.ts";
import { flagsOf } from "../../functions/failover/person.ts";
import { isPlanned } from "../../functions/failover/planned.ts";
import { formatDuration } from "../sla/duration.ts";
import type { Considered } from "./consider.ts";
import { type Foreseen, foreseen, hasMembers } from "./foresee.ts";
import { hanging } from "./hanging.ts";
import type { Seats } from "./seats.ts";
import { wayBack } from "./way-back.ts";

/** What a failover would do and what is known now, at most 80 columns wide. */
export function outlookLines(outlook: Considered): readonly string[] {
  const accepted = foreseen(outlook).filter((each) => each.accepted);
  return [
    ...knownRows(outlook).flatMap(([label, value]) => hanging(`  ${label.padEnd(9)} `, value)),
    ...accepted.flatMap(({ code, words }) => hanging("  taken on  ", `${code}: ${words}`)),
  ];
}

type Row = readonly [label: string, value: string];

function knownRows(outlook: Considered): Row[] {
  const { status, seats, region, request, silent } = outlook;
  const { roles, look } = status;
  if (!roles) return [];
  const { primary, standby } = roles;
  const steps = FAILOVER_STEPS.map(({ step }) => step).join(" → ");
  const seen = look
    ? `${look.verdict} at ${look.at}, ${formatDuration(look.ageSeconds)} ago`
    : "not yet";
  return [
    ["from", `${primary.database} in ${primary.region}, ${said(seats.primary)}`],
    [
      "to",
      standby
        ? `${standby.database} in ${standby.region}, ${takesOver(outlook)}`
        : membersIn(seats),
    ],
    ["roles", `epoch ${roles.epoch}, since ${roles.since}`],
    ["seen", seen],
    ["heartbeat", beatWords(outlook)],
    ["loss", lossWords(outlook)],
    ["would", `${request.continues ? "go on with" : "take"} these steps in ${region}: ${steps}`],
    ...(silent.length > 0 ? [["silent", `ledgers of ${silent.join(", ")}`] as const] : []),
  ];
}

const membersIn = (seats: Seats): string =>
  hasMembers(seats)
    ? `the best of ${seats.primary.members
        .filter(({ isWriter }) => !isWriter)
        .map(({ id, tier, status }) => `${id} (tier ${tier}, ${status})`)
        .join(", ")}`
    : "nobody";

/** Where its region is lost as well, no failover can help. */
const takesOver = ({ seats, status }: Considered) =>
  seats.standby === "silent"
    ? `${said(seats.standby)}; if it is lost as well: ${wayBack(status)}`
    : said(seats.standby);

export const said = (seat: Seats["primary"]) =>
  typeof seat === "string" ? (seat === "silent" ? "RDS does not answer" : "missing") : seat.status;

const beatWords = ({ status: { heartbeat } }: Considered) =>
  heartbeat
    ? `${heartbeat.at} is the newest known, ${formatDuration(heartbeat.ageSeconds)} old`
    : "none known";

/** Whoever takes over has all that was acknowledged, or does not take over. */
export const losesNothing = ({ request, seats }: Considered): boolean =>
  hasMembers(seats) || isPlanned(request);

function lossWords({ request, status, plan, pacer, seats }: Considered): string {
  if (hasMembers(seats)) return "none: whoever takes over has what was acknowledged";
  if (isPlanned(request)) return "none: it promotes only when the standby has all of it";
  const beat = status.heartbeat?.at;
  const bound = lossBound({ request, ...(beat !== undefined && { standbyBeat: beat }) });
  const lost = bound === undefined ? "not known" : `at most ${planWords(bound, pacer)}`;
  const limit = lossLimit(request, plan);
  return limit
    ? `${lost}; ${limit.by} ${formatDuration(limit.seconds)}`
    : `${lost}; no RPO is promised`;
}

/** Real seconds as the seconds of a plan, which a pace divides. */
const planWords = (seconds: number, pacer: Considered["pacer"]) =>
  formatDuration((seconds * 1000) / pacer.paced(1));

/** What stands in the way and the flags that would take it upon oneself; undefined if nothing does. */
export function refusalLines(outlook: Considered, command: string): readonly string[] | undefined {
  return objections(foreseen(outlook), (open) => [command, ...flagsFor(outlook, open)]);
}

/** The same for whatever a person begins; `insisting` makes the command that takes all of them upon oneself. */
export function objections(
  all: readonly Foreseen[],
  insisting: (open: readonly Foreseen[]) => readonly string[],
): readonly string[] | undefined {
  const open = all.filter(({ accepted }) => !accepted);
  if (open.length === 0) return undefined;
  const final = open.find(({ flag }) => flag === undefined);
  return [
    "This would halt it:",
    ...open.flatMap(({ code, words }) => hanging("  ", `${code}: ${words}`)),
    ...(final
      ? [`No flag helps against ${final.code}: docs/runbook.md#failover-halted`]
      : ["If you take it upon you:", `  ${insisting(open).join(" ")}`]),
  ];
}

/** All that is accepted already and what stands in the way, a loss as far as it is known. */
function flagsFor({ request, status, pacer }: Considered, open: readonly Foreseen[]) {
  const { accept = [], allowLossSeconds: allowed, ...rest } = request;
  const more = ACCEPTABLE_HALTS.filter((code) => open.some((each) => each.code === code));
  const needsLoss = open.some(({ flag }) => flag === "--allow-loss");
  const beat = status.heartbeat?.at;
  const bound = lossBound({ request, ...(beat !== undefined && { standbyBeat: beat }) });
  const known = bound === undefined ? undefined : Math.ceil((bound * 1000) / pacer.paced(1));
  const seconds = needsLoss ? known : allowed;
  return flagsOf({
    ...rest,
    accept: [...accept, ...more],
    ...(seconds !== undefined && { allowLossSeconds: seconds }),
  });
}
