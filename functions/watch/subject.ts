import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import type { Roles, Seat } from "../../lib/sla/roles.ts";
import { instancesOf } from "../../lib/sla/shards.ts";
import type { SqlTarget } from "../sql/contract.ts";
import type { Endpoint } from "./ports.ts";

/** An instance to look at, with what was sold and who plays which part now. */
export interface Subject {
  readonly instance: Instance;
  readonly plan: Plan;
  readonly roles: Roles;
}

/** The instances of a shard that have roles in this ledger and have not left; others are not published here. */
export function subjectsOf(
  fleet: Fleet,
  shard: string,
  roles: ReadonlyMap<string, Roles>,
): Subject[] {
  return instancesOf(fleet, shard).flatMap((instance): Subject[] => {
    const plan = fleet.plans[instance.plan];
    const own = roles.get(instance.id);
    return plan && own && own.leftAt === undefined ? [{ instance, plan, roles: own }] : [];
  });
}

export const cadenceOf = ({ plan }: Pick<Subject, "plan">): number => plan.watch.everySeconds;

export const seatsOf = ({ primary, standby }: Roles): Seat[] => [
  primary,
  ...(standby ? [standby] : []),
];

export const sqlTarget = (
  { instance: { id, database } }: Subject,
  { host, port }: Endpoint,
): SqlTarget => ({
  ...{ instance: id, host, port, database: database.name, secret: database.secret },
  ...(database.engine !== undefined && { engine: database.engine }),
});
