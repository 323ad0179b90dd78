import type { Fleet } from "../../lib/sla/fleet.ts";
import { recipients } from "../../lib/sla/recipients.ts";
import { inLanes } from "../kernel/lanes.ts";
import { ALERTS_TOPIC } from "./contract.ts";
import type { Subscribed } from "./subscriptions.ts";

/** The alerts topic of this region. aws/sns-enlisting.ts is the real one. */
export interface Enlisting {
  subscribed(): Promise<readonly Subscribed[]>;
  /** SNS asks whoever has the address whether they want the mails. */
  subscribe(address: string): Promise<void>;
}

/** A deployment: the fleet that it brings, and the one before; undefined the first time, or if nobody knows it any more. */
export interface Enlisted {
  readonly fleet: Fleet;
  readonly before: Fleet | undefined;
}

const LANES = 8;

/**
 * Addresses that are asked for the first time. Whoever is in both fleets is left alone: they may have wanted no more mails, and a look
 * twice a day tells the provider of that. Nobody is taken off: to whom no mail is addressed, none comes.
 */
export function newcomers(
  { fleet, before }: Enlisted,
  region: string,
  subscribed: readonly Subscribed[],
): readonly string[] {
  const own = subscribed.filter(({ topic }) => topic === ALERTS_TOPIC);
  const known = [
    ...own.map(({ address }) => address),
    ...(before ? recipients(before, region) : []),
  ];
  const have = new Set(known.map((address) => address.toLowerCase()));
  return recipients(fleet, region).filter((address) => !have.has(address.toLowerCase()));
}

/** Rejects with the first failure, after all were tried; doing it again does what is left. */
export async function enlist(
  enlisted: Enlisted,
  region: string,
  topic: Enlisting,
): Promise<readonly string[]> {
  const asked = newcomers(enlisted, region, await topic.subscribed());
  const failures = await inLanes(LANES, asked, (address) =>
    topic.subscribe(address).then(
      () => [],
      (cause: unknown) => [{ cause }],
    ),
  );
  const [failure] = failures.flat();
  if (failure) throw failure.cause;
  return asked;
}
