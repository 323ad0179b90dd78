import type { Finding, Sold } from "./check.ts";
import { formatDuration } from "./duration.ts";
import { callsForReply, chainFor, type OnCall } from "./on-call.ts";
import type { Where } from "./promise-line.ts";
import type { BusinessHours, FirstReply, Support } from "./service-terms.ts";
import { leftMs } from "./support/reply-clock.ts";

type Doubt = Pick<Finding, "status" | "restsOn" | "change" | "where">;

/** Replies are given by people: what can be checked is whether they are told in time, and by which clock. */
export function supportPromises(sold: Sold): readonly Finding[] {
  const { support } = sold.plan;
  if (!support) return [];
  const { productionMonitored, replies = [] } = support;
  return [
    {
      promise: "support",
      promised: [hoursWords(support.hours), ...replies.map(replyWords)].join("; "),
      covers: "application",
      ...(twice(replies) ?? whoIsTold(sold, support)),
    },
    ...(productionMonitored === undefined ? [] : [monitored(sold, productionMonitored)]),
  ];
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

function hoursWords({ weekdays, from, to, timezone }: BusinessHours): string {
  const days = weekdays.toSorted((a, b) => a - b).map((day) => DAYS[day - 1]);
  const isRun =
    weekdays.length > 2 && Math.max(...weekdays) - Math.min(...weekdays) + 1 === weekdays.length;
  const named = isRun ? `${days[0]}-${days.at(-1)}` : days.join(" ");
  return `${named} ${from}-${to} ${timezone}`;
}

function replyWords({ priority, within: { amount, unit }, clock, onlyWithPaging }: FirstReply) {
  const time = `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
  return `P${priority} ${time}${clock === "24/7" ? " 24/7" : ""}${onlyWithPaging ? " if paged" : ""}`;
}

/** Only the first of them would ever be found. */
function twice(replies: readonly FirstReply[]): Doubt | undefined {
  const again = replies.findIndex(
    ({ priority }, index) => replies.findIndex((each) => each.priority === priority) < index,
  );
  if (again < 0) return undefined;
  const change = `promise a reply to P${replies[again]?.priority} once`;
  return {
    status: "broken",
    change,
    where: { of: "plan", path: ["support", "replies", again] },
  };
}

function whoIsTold(sold: Sold, support: Support): Doubt {
  const holidays = holidayWords(sold, support);
  if (!support.replies?.length) {
    return {
      status: "conditional",
      restsOn: `if somebody is there: no time to reply is sold, so none is measured${holidays.words}`,
      ...holidays.remedy,
    };
  }
  const contact = sold.fleet.provider?.contact ?? "the provider";
  const restsOn = `if tickets are recorded (sla ticket) and somebody answers: ${contact} is mailed when a quarter of the time is left${holidays.words}`;
  return { status: "conditional", restsOn, ...(atNight(sold, support) ?? holidays.remedy) };
}

function holidayWords(
  { fleet: { provider }, instance, plan }: Sold,
  { hours: { holidays } }: Support,
): { readonly words: string; readonly remedy: Pick<Doubt, "change" | "where"> } {
  const local = instance.holidays ?? plan.holidays ?? provider?.holidays;
  const country = holidays === "local" ? local : holidays;
  if (country !== undefined)
    return { words: `; public holidays of ${country} are free`, remedy: {} };
  const change = "say whose public holidays are free: provider: { holidays: BE }";
  const where: Where = { of: "fleet", path: ["provider"] };
  return { words: "", remedy: { change, where } };
}

/** A reply around the clock needs somebody who is woken before it is missed. */
function atNight({ fleet, plan }: Sold, support: Support) {
  const round = (support.replies ?? []).filter(({ clock }) => clock === "24/7");
  if (round.length === 0) return undefined;
  const chain = chainFor(fleet.provider?.onCall, plan);
  if (chain.length === 0) {
    const change =
      "add onCall: to provider: nobody is woken at night, not by an incident either; what is due is a mail";
    return { change, where: { of: "fleet", path: ["provider"] } satisfies Where };
  }
  const silent = round.find(({ priority }) => !callsForReply(support, priority));
  if (silent) {
    const change = `add ${silent.priority} to support.callFor: nobody is woken before a reply to P${silent.priority} is missed`;
    return { change, where: { of: "plan", path: ["support"] } satisfies Where };
  }
  return tooSlow(chain, Math.min(...round.map(withinMinutes)));
}

/** People hear of it, and who is on call is called, one after the other, in what is left then. */
function tooSlow(chain: readonly OnCall[], tightestMinutes: number) {
  const untilAll = chain.reduce((sum, { afterMinutes }) => sum + afterMinutes, 0);
  const left = leftMs(tightestMinutes * 60_000) / 60_000;
  if (untilAll < left) return undefined;
  const change = `shorten provider.onCall or set escalateAfterMinutes: people hear of it ${formatDuration(left * 60)} before a reply is due, and all of the chain is called only after ${formatDuration(untilAll * 60)}`;
  return { change, where: { of: "fleet", path: ["provider", "onCall"] } satisfies Where };
}

const UNIT_MINUTES = { minutes: 1, hours: 60, days: 1440 } as const;

const withinMinutes = ({ within: { amount, unit } }: FirstReply) => amount * UNIT_MINUTES[unit];

function monitored({ plan: { watch } }: Sold, promised: string): Finding {
  const achievable = `a look every ${formatDuration(watch.everySeconds)}`;
  return { promise: "monitoring", status: "kept", promised, achievable, covers: "application" };
}
