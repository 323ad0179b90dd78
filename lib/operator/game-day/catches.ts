import { cooldownOf } from "../../../functions/failover/cooldown.ts";
import { testPeriodOf } from "../../sla/backups/restore-tests.ts";
import { endOf } from "../../sla/books/window.ts";
import { formatDuration } from "../../sla/duration.ts";
import { hoursOf } from "../../sla/period-hours.ts";
import type { GameDayLook, SeatLook } from "./look.ts";
import { GAME_DAY_TAG } from "./record.ts";

/** One thing that has to be so before a primary may be cut off. */
export interface Catch {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  /** The command, or what else a person does. */
  readonly mend?: string;
}

const HOUR_MS = 3_600_000;

type Rule = (look: GameDayLook) => Catch;

/** Every one of them holds before anything is changed; none has a flag that takes it upon oneself. */
export const catchesOf = (look: GameDayLook): readonly Catch[] => CATCHES.map((rule) => rule(look));

export const open = (catches: readonly Catch[]): readonly Catch[] =>
  catches.filter(({ ok }) => !ok);

const isGood = (name: string, ok: boolean, found: string, mend?: string): Catch => ({
  ...{ name, ok, found },
  ...(!ok && mend !== undefined && { mend }),
});

const none = (found: readonly string[]) => (found.length === 0 ? "none" : found.join(", "));

const named: Rule = ({ instance: { id, gameDay } }) =>
  isGood(
    "the fleet file allows it",
    gameDay === true,
    gameDay ? "gameDay: true" : `${id} has no gameDay: true`,
    "an instance of your own, never a customer's: docs/game-day.md",
  );

const tagged: Rule = ({ instance: { id }, roles, primary, standby }) => {
  const seats = [
    { seat: roles.primary, look: primary },
    ...(roles.standby ? [{ seat: roles.standby, look: standby }] : []),
  ];
  const bare = seats.filter(({ look }) => tagOf(look) !== id);
  const [first] = bare;
  const words = bare.map(
    ({ seat, look }) => `${seat.database} has ${tagOf(look) ?? "no such tag"}`,
  );
  const arn = first && typeof first.look === "object" ? first.look.arn : "ARN";
  const mend = `aws --region ${first?.seat.region} rds add-tags-to-resource --resource-name ${arn} --tags Key=${GAME_DAY_TAG},Value=${id}`;
  const found = bare.length === 0 ? `${GAME_DAY_TAG}=${id} on ${seats.length}` : words.join(", ");
  return isGood("both databases allow it, by their tag", bare.length === 0, found, mend);
};

const tagOf = (look: SeatLook) => (typeof look === "object" ? look.tags[GAME_DAY_TAG] : undefined);

const byItself: Rule = ({ instance: { failover } }) =>
  isGood("it recovers by itself", failover === "automatic", `failover: ${failover}`);

const everybodyAnswers: Rule = ({ fleet: { unanswered } }) =>
  isGood(
    "every site's ledger and topic answers",
    unanswered.length === 0,
    none(unanswered.map(({ region, what }) => `no ${what} of ${region}`)),
    "wait until the region answers: npx sla status",
  );

const available: Rule = ({ primary, standby, roles }) => {
  const states = [stateOf(primary), roles.standby ? stateOf(standby) : "missing"];
  return isGood(
    "RDS of both regions answers, both databases are available",
    states.every((state) => state === "available"),
    states.join(", "),
    roles.standby ? undefined : `npx sla reprotect ${roles.instance} --reason 'a standby first'`,
  );
};

const stateOf = (look: SeatLook) => (typeof look === "object" ? look.status : look);

const quiet: Rule = ({ fleet: { instances } }) => {
  const busy = instances.flatMap(({ instance, incident, failover, recovery }) => [
    ...(incident ? [`incident of ${instance}`] : []),
    ...(failover ? [`failover of ${instance}`] : []),
    ...(recovery ? [`recovery of ${instance}`] : []),
  ]);
  return isGood("no incident is open, nobody is failed over", busy.length === 0, none(busy));
};

const notCalled: Rule = ({ fleet: { calls } }) => {
  const waiting = calls.filter(({ ack }) => ack === undefined);
  return isGood("nobody on call is called", waiting.length === 0, `${waiting.length} calls`);
};

const alone: Rule = ({ status: { reprotect, instance } }) =>
  isGood("no standby is being built", !reprotect, reprotect ? `${instance}: under way` : "none");

const watched: Rule = ({ fleet: { silentWatches } }) =>
  isGood(
    "every watch looks",
    silentWatches.length === 0,
    none(silentWatches.map(({ site, shard }) => `${site} ${shard} is silent`)),
    "docs/runbook.md#watch-silent",
  );

const up: Rule = ({ status: { look } }) =>
  isGood(
    "it is up, and was looked at a moment ago",
    look?.verdict === "up" && !look.late,
    look ? `${look.verdict}, ${formatDuration(look.ageSeconds)} ago` : "not looked at yet",
  );

const streaming: Rule = ({ status: { redundancy, rpo } }) => {
  const { atRiskSeconds: risk, allowedSeconds: allowed } = rpo;
  const behind = risk === undefined || (allowed !== undefined && risk > allowed);
  const age = risk === undefined ? "of unknown age" : `${formatDuration(risk)} behind`;
  return isGood(
    "its standby streams, within its RPO",
    redundancy === "streaming" && !behind,
    `${redundancy}, ${age}`,
  );
};

const settled: Rule = ({ status: { debts, fences, needs } }) =>
  isGood(
    "nothing is owed and nobody is needed",
    debts.length === 0 && fences.length === 0 && needs.length === 0,
    none([...debts.map(({ kind }) => `owed: ${kind}`), ...needs]),
    "npx sla status",
  );

const cool: Rule = ({ roles, paced, now }) => {
  const { byFailover, over } = cooldownOf(roles, { paced });
  const isOver = !byFailover || now.getTime() >= over;
  const until = `nothing fails it over by itself before ${new Date(over).toISOString()}`;
  return isGood("its last failover is long enough ago", isOver, isOver ? "yes" : until);
};

/** One that begins while it lasts counts as well. */
const unannounced: Rule = ({ windows, instance: { id }, now, paced, boundSeconds }) => {
  const endMs = now.getTime() + paced(boundSeconds);
  const near = windows.filter(
    (window) =>
      window.record.instances.includes(id) &&
      window.fromMs < endMs &&
      endOf(window) > now.getTime(),
  );
  const words = near.map(({ record }) => `${record.window} from ${record.fromAt}`);
  return isGood("no maintenance is announced meanwhile", near.length === 0, none(words));
};

const backedUp: Rule = ({ plan, roles, status: { backups }, primary }) => {
  const name = "there are backups to go back to";
  const days = typeof primary === "object" ? primary.retentionDays : 0;
  if (!plan.backups) return isGood(name, days > 0, `automated ones of ${days} days`);
  const { places = 0, of = 0, troubles = [] } = backups ?? {};
  const isWhole = of > 0 && places === of && troubles.length === 0;
  const trouble = troubles.length === 0 ? "" : `, ${troubles.length} in trouble`;
  return isGood(
    name,
    isWhole,
    `in ${places} of ${of} places${trouble}`,
    `npx sla backups ${roles.instance}`,
  );
};

/** Months of the calendar: no pace divides them. */
const proven: Rule = ({ plan, tests, now, instance: { id } }) => {
  const name = "one of them was restored and proven lately";
  if (!plan.backups) return isGood(name, true, "its plan sells none");
  const every = testPeriodOf(plan.restoreTests);
  const [newest] = tests;
  const isFresh =
    newest?.ok === true && now.getTime() - Date.parse(newest.endedAt) <= hoursOf(every) * HOUR_MS;
  const found = newest ? `${newest.ok ? "proven" : "refuted"} at ${newest.endedAt}` : "never";
  return isGood(name, isFresh, `${found}; every ${every}`, `npx sla restore-test ${id}`);
};

const asWritten: Rule = ({ live: { findings, unlooked } }) => {
  const broken = findings.filter(({ weight }) => weight === "broken");
  const words = [
    ...broken.map(({ about, says }) => `${about}: ${says}`),
    ...unlooked.map(({ area, about }) => `${area} of ${about}: not looked at`),
  ];
  const [first] = broken;
  return isGood(
    "the account is as sla check --live wants it",
    words.length === 0,
    none(words),
    first?.mend,
  );
};

const shut: Rule = ({ group, site, primary, roles }) => {
  const name = "the group of game days admits nobody";
  const id = site?.gameDayGroup;
  const { region } = roles.primary;
  if (id === undefined) return isGood(name, false, `sites.${region} has no gameDayGroup`);
  if (!group) return isGood(name, false, `${region} has no ${id}, or does not answer`);
  const isHere = group.vpc === site?.vpc;
  const isFree = typeof primary === "object" && !primary.groups.includes(id);
  const found = !isHere
    ? `${id} is of ${group.vpc}`
    : isFree
      ? `${id}, ${group.ingress.length} rules`
      : `${id} has the primary in it already`;
  const again = `npx sla drill --aws --instance ${roles.instance} --give-back`;
  return isGood(
    name,
    isHere && isFree && group.ingress.length === 0,
    found,
    isFree ? undefined : again,
  );
};

const seen: Rule = ({ complaint, instance: { url } }) =>
  isGood("its page answers this machine", complaint === undefined, complaint ?? url);

const CATCHES: readonly Rule[] = [
  ...[named, tagged, byItself, shut],
  ...[everybodyAnswers, available, watched, up, seen, streaming],
  ...[quiet, alone, notCalled, settled, cool, unannounced],
  ...[backedUp, proven, asWritten],
];
