import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import { audiencesOf, folderOf } from "./address.ts";

/** A page that nobody vouches for stays so long, and no longer, for the sake of a site that says nothing. */
export const KEPT_DAYS = 7;
const DAY_SECONDS = 86_400;

/** By region: ISO 8601, since when it says nothing. */
export type SilentSince = Readonly<Record<string, string>>;

/** What is known of silent sites now, given what was known before. */
export const silentSince = (
  silent: readonly string[],
  before: SilentSince | undefined,
  now: Date,
): SilentSince =>
  Object.fromEntries(silent.map((region) => [region, before?.[region] ?? now.toISOString()]));

interface Asking {
  readonly fleet: Pick<Fleet, "instances" | "control">;
  readonly isKnown: (id: string) => boolean;
  readonly since: SilentSince;
  readonly now: Date;
  readonly paced: (seconds: number) => number;
  readonly secret: string;
}

/**
 * Folders that stay though no site that answers knows who reads there: of instances whose roles a silent site may have. Who is not in the fleet any
 * more, or whose sites all answer, is no customer for certain.
 */
export function keptFolders({
  fleet,
  isKnown,
  since,
  now,
  paced,
  secret,
}: Asking): readonly string[] {
  const patienceMs = paced(KEPT_DAYS * DAY_SECONDS);
  const excused = new Set(
    Object.entries(since).flatMap(([region, at]) =>
      now.getTime() - Date.parse(at) < patienceMs ? [region] : [],
    ),
  );
  const instances = fleet.instances.filter(
    (each) => !isKnown(each.id) && sitesOf(each, fleet.control).some((site) => excused.has(site)),
  );
  return audiencesOf({ instances }, () => false).map(({ key }) => folderOf(secret, key));
}

/** In whose ledgers roles of an instance can lie, wherever it was led. */
const sitesOf = ({ home, standby, copies }: Instance, control: string): readonly string[] => [
  ...[home, control, ...copies],
  ...(standby === undefined ? [] : [standby]),
];
