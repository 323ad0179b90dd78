import type { DeliveryState } from "../../functions/deliver/contract.ts";
import { WORDS } from "../../functions/deliver/telling.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { destinationPlace } from "../sla/destination.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import { hanging } from "./hanging.ts";
import { sizeOf } from "./size.ts";

/** How sending to the customer's own destination stands. */
export interface DeliveryView
  extends Pick<DeliveryState, "place" | "lookedAt" | "last" | "trouble"> {
  /** Nobody says: the site of frozen copies does not answer. */
  readonly silent?: true;
}

/** Undefined where the instance has no destination. */
export async function deliveryOf(
  { fleet, ledgers }: Access,
  { id, destination }: Instance,
): Promise<DeliveryView | undefined> {
  if (!destination || !fleet.frozen) return undefined;
  const place = destinationPlace(destination);
  const asked = ledgers(fleet.frozen.region).read<DeliveryState>(keys.delivering(id));
  const state = await asked.catch(() => "silent" as const);
  if (state === "silent") return { place, silent: true };
  // What is known of another place says nothing of this one.
  if (state?.value.place !== place) return { place };
  const { lookedAt, last, trouble } = state.value;
  return {
    place,
    ...(lookedAt !== undefined && { lookedAt }),
    ...(last && { last }),
    ...(trouble && { trouble }),
  };
}

/** A line of what arrived last, and what keeps the next from it. */
export function deliveryLines(
  { place, last, trouble, silent }: DeliveryView,
  local: (instant: string) => string,
): readonly string[] {
  if (silent) return hanging("  sent  ", `nobody says what arrived at ${place}`);
  const arrived = last
    ? `the dump of ${local(last.takenAt)} arrived ${local(last.deliveredAt)} as ${last.name}, ${sizeOf(last.encrypted.bytes)}`
    : "nothing has arrived yet";
  return [
    ...hanging("  sent  ", `to ${place}: ${arrived}`),
    ...(trouble
      ? [
          ...hanging(
            "  WRONG ",
            `${WORDS[trouble.code]}: ${trouble.detail}; since ${local(trouble.since)}`,
          ),
          "  What to do: docs/runbook.md#delivery-troubled",
        ]
      : []),
  ];
}
