import { Temporal } from "temporal-polyfill";
import type { FailoverRequest } from "../../functions/failover/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { acceptanceOf, type Wish } from "./wish.ts";

/** What a person asks of `sla recover`. */
export interface RecoverWish extends Pick<Wish, "reason" | "allowLoss"> {
  /** Region to restore in; absent: where least is lost. */
  readonly to?: string;
  /** ISO 8601: the data of this instant; absent: the newest there is. */
  readonly at?: string;
  /** Though the instance answers. */
  readonly evenIfAlive?: boolean;
  /** Though a standby could be promoted. */
  readonly evenWithStandby?: boolean;
  /** Folder of a halted recovery to go on with. */
  readonly continues?: string;
}

/**
 * The instant that `--at` says, ISO 8601 in UTC. Throws UserError where it has no zone, is none or has not come yet.
 *
 * @param timezone of the provider: a time without a zone may be meant in it, but is never taken
 */
export function parseAt(text: string, now: Date, timezone: string): string {
  const instant = instantIn(text);
  if (!instant) throw new UserError(`--at: ${whyNone(text, timezone)}`);
  if (instant.getTime() > now.getTime()) {
    throw new UserError(`--at: ${text} has not come yet: it is ${now.toISOString()}`);
  }
  return instant.toISOString();
}

function instantIn(text: string): Date | undefined {
  try {
    return new Date(Temporal.Instant.from(withT(text)).epochMilliseconds);
  } catch {
    return undefined;
  }
}

function whyNone(text: string, timezone: string): string {
  try {
    const local = Temporal.PlainDateTime.from(withT(text));
    const meant = local.toZonedDateTime(timezone).toString({ timeZoneName: "never" });
    return `'${text}' says no time zone; if it is a time of ${timezone}, say ${meant}`;
  } catch {
    return `'${text}' is no instant: expected ISO 8601 with a zone, like 2026-11-22T14:03:00+01:00`;
  }
}

/** `2026-11-22 14:03` is what people copy out of tables. */
const withT = (text: string) => text.trim().replace(" ", "T");

/** Sites that hold, or once held, something of an instance, its home first. */
export const recoveryPlaces = (
  { home, standby, copies }: Pick<Instance, "home" | "standby" | "copies">,
  { sites }: Pick<Fleet, "sites">,
): readonly string[] =>
  [...new Set([home, ...(standby === undefined ? [] : [standby]), ...copies])].filter((region) =>
    Object.hasOwn(sites, region),
  );

/** Before anybody is asked anything. Throws UserError. */
export function refuseElsewhere({ to }: RecoverWish, instance: Instance, fleet: Fleet): void {
  const places = recoveryPlaces(instance, fleet);
  if (to === undefined || places.includes(to)) return;
  throw new UserError(
    `--to: '${to}' is no site that is home, standby or copy of ${instance.id}: those are ${places.join(", ")}`,
  );
}

type Accepted = Pick<FailoverRequest, "accept" | "allowLossSeconds">;

/** What of a request a person's word changes; that a standby did not stream says nothing of a backup. */
export function acceptedBy({ evenIfAlive, evenWithStandby, allowLoss }: RecoverWish): Accepted {
  const { accept = [], allowLossSeconds } = acceptanceOf({
    ...{ force: false, evenIfAlive: evenIfAlive === true },
    ...(allowLoss !== undefined && { allowLoss }),
  });
  const all = [
    ...accept.filter((code) => code !== "HaltNotStreaming"),
    ...(evenWithStandby ? (["HaltStandbyThere"] as const) : []),
  ];
  return {
    ...(all.length > 0 && { accept: all }),
    ...(allowLossSeconds !== undefined && { allowLossSeconds }),
  };
}
