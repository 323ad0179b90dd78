import type { FailoverRequest } from "../../functions/failover/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { instantMs, whyNoInstant } from "./instant.ts";
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
  const ms = instantMs(text);
  if (ms === undefined) throw new UserError(`--at: ${whyNoInstant(text, timezone)}`);
  if (ms > now.getTime()) {
    throw new UserError(`--at: ${text} has not come yet: it is ${now.toISOString()}`);
  }
  return new Date(ms).toISOString();
}

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
