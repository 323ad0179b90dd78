import type { Notice } from "../../functions/notify/contract.ts";
import type { CancellationRecord, WindowRecord } from "../sla/books/window.ts";
import type { PlanPart } from "./window-plan.ts";
import { countsWords, spanWords } from "./window-words.ts";

/** The mail to an instance's contacts: once for each instance of the window. */
export function announcements(
  record: WindowRecord,
  parts: readonly PlanPart[],
  timezone: string,
): readonly Notice[] {
  const { window, kind, fromAt, toAt, reason, announcedAt, holdsFailovers } = record;
  const when = spanWords(fromAt, toAt, timezone);
  return parts.flatMap((part) =>
    part.instances.map(
      ({ id }): Notice => ({
        ...{ kind: "maintenance-announced", instance: id, incident: window, at: announcedAt },
        lines: [
          `${kind === "planned" ? "Planned" : "Emergency"} maintenance, ${when}: ${reason}`,
          `It may not answer in that time. By its plan this is ${countsWords(part, kind)}.`,
          ...(holdsFailovers
            ? [
                "Until it is over no failover begins by itself, unless the region does not answer. It is watched as always.",
              ]
            : []),
          "Nothing needs to be done. What lasts longer than announced is downtime.",
        ],
      }),
    ),
  );
}

/** Whoever was told of a window hears that it does not take place, or is over. */
export function cancellations(
  record: WindowRecord,
  { at, reason }: CancellationRecord,
  timezone: string,
): readonly Notice[] {
  const when = spanWords(record.fromAt, record.toAt, timezone);
  const isBefore = Date.parse(at) <= Date.parse(record.fromAt);
  return record.instances.map(
    (instance): Notice => ({
      kind: isBefore ? "maintenance-cancelled" : "maintenance-ended",
      ...{ instance, incident: record.window, at },
      lines: [
        isBefore
          ? `The maintenance of ${when} does not take place: ${reason}`
          : `The maintenance of ${when} is over before its time: ${reason}`,
        isBefore
          ? "Everything counts as if it had never been announced."
          : "From now on everything counts again.",
        "Nothing needs to be done.",
      ],
    }),
  );
}
