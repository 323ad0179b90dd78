import type { Destination, Instance } from "./fleet.ts";
import type { Backups, Period, Plan } from "./plan.ts";

/** How often a frozen copy is made of what no destination wants more often. */
export const DUMPED_EVERY: Period = "7d";

/** Where a destination is, for records and people: `sftp://backup.acme.example:22/backups`. Without any credential. */
export function destinationPlace(destination: Destination): string {
  if (destination.kind === "s3") return `s3://${destination.bucket}/${destination.prefix}`;
  const { host, port, path } = destination;
  return `sftp://${host}:${port}${path}`;
}

/**
 * What arrives for certain, in GB: a function of Lambda has a quarter of an hour, in which one processor encrypts half as much
 * again (bench: 39 MiB a second with SFTP) and a line of 200 Mbit a second carries this.
 */
const LARGEST_DUMP_GB = 20;

/** What a customer with a destination gets. */
export function destinationService(destination: Destination, { schedules }: Backups): string {
  const taken = schedules.map(({ every }) => every).join(", ");
  const { every = DUMPED_EVERY, files } = destination;
  const what = files ? "a dump with its files" : "a dump";
  return `${what} every ${every} of the newest of backups every ${taken}, encrypted, to ${destinationPlace(destination)}; of up to ${LARGEST_DUMP_GB} GB`;
}

/** Whether its proven backups are dumped: what goes to a customer's own destination is a frozen copy, whoever was sold one. */
export const isFrozen = (
  { destination }: Pick<Instance, "destination">,
  { frozen }: Pick<Plan, "frozen">,
): boolean => frozen !== undefined || destination !== undefined;

/** Whether the plan leaves failures of the customer's own destination out of its promises. */
export const excusesDestination = ({ availability }: Plan): boolean =>
  availability?.exclusions.includes("customer-destination") ?? false;
