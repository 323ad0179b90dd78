import type { Tags } from "../../lib/sla/backups/catalogue.ts";
import { DATABASE_TAGS, isKept } from "../../lib/sla/database-tags.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { firstRoles, type Roles } from "../../lib/sla/roles.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys } from "./contract.ts";
import type { Ledger } from "./ledger.ts";

/** Databases of the own region. */
export interface TaggedDatabases {
  /** By RDS identifier. */
  tags(): Promise<ReadonlyMap<string, Tags>>;
}

const LANES = 16;
/** CloudFormation shows a thousand characters of a reason. */
const MOST_NAMED = 12;

/**
 * Where permissions go by tags, functions could neither fence nor promote a database that lacks them: such a deployment is refused, and
 * the permissions of before stay. Looks at what is there by the roles of now, else at what the fleet names; what is yet to be made is no matter.
 *
 * @throws SlaError DatabasesUntagged
 */
export async function refuseUntagged(
  { ledger, region }: { readonly ledger: Ledger; readonly region: string },
  databases: TaggedDatabases,
  fleet: Fleet,
): Promise<void> {
  const there = await databases.tags();
  const seats = await inLanes(LANES, fleet.instances, async (instance) => {
    const known = await ledger.read<Roles>(keys.roles(instance.id));
    return seatsOf(known?.value ?? firstRoles(fleet, instance, ""));
  });
  const untagged = seats.flat().flatMap(({ region: its, database }) => {
    const tags = its === region ? there.get(database) : undefined;
    return tags && !isKept(tags) ? [database] : [];
  });
  if (untagged.length === 0) return;
  const more = untagged.length - MOST_NAMED;
  const named = untagged.slice(0, MOST_NAMED).join(", ");
  throw new SlaError(
    "DatabasesUntagged",
    "operator",
    `in ${region}, ${untagged.length} databases of the fleet have no tag ${DATABASE_TAGS.kept}, by which functions of a fleet this large may act on them: ${named}${
      more > 0 ? ` and ${more} more` : ""
    }. Run npx sla adopt --all, then deploy again`,
  );
}

/** Nobody acts on what has left. */
const seatsOf = ({ leftAt, primary, standby, former = [] }: Roles) =>
  leftAt === undefined ? [primary, ...(standby ? [standby] : []), ...former] : [];
