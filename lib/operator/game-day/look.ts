import type { LiveReport } from "../../../functions/live/look.ts";
import type { RestoreTestRecord } from "../../../functions/restore/contract.ts";
import type { Window } from "../../sla/books/window.ts";
import type { Instance, Site } from "../../sla/fleet.ts";
import type { SecurityGroup } from "../../sla/ingress.ts";
import type { Plan } from "../../sla/plan.ts";
import type { Roles } from "../../sla/roles.ts";
import type { DatabaseLook } from "../adopting/ports.ts";
import { planOf } from "../consider.ts";
import { type FleetStatus, fleetStatus } from "../fleet-status.ts";
import { gather } from "../gather.ts";
import type { InstanceStatus } from "../instance-status.ts";
import { lastTests } from "../restore-test.ts";
import { rolesOf } from "../roles-of.ts";
import type { GameDayWorld } from "./world.ts";

/** One side of the instance as RDS describes it; `silent`: it does not answer. */
export type SeatLook = DatabaseLook | "missing" | "silent";

/** All that a game day may have to refuse for. Instants are ISO 8601. */
export interface GameDayLook {
  readonly instance: Instance;
  readonly plan: Plan;
  readonly site: Site | undefined;
  readonly roles: Roles;
  readonly status: InstanceStatus;
  readonly fleet: FleetStatus;
  readonly windows: readonly Window[];
  readonly primary: SeatLook;
  readonly standby: SeatLook;
  /** The group that would cut it off; absent: the region has none of that name. */
  readonly group?: SecurityGroup | undefined;
  readonly live: LiveReport;
  /** Of each place the last restore test that has ended, the newest first. */
  readonly tests: readonly RestoreTestRecord[];
  /** What this machine's own client says of the page; undefined: it is good. */
  readonly complaint?: string | undefined;
  readonly now: Date;
  /** ms that `seconds` of a plan last here. */
  readonly paced: (seconds: number) => number;
  /** How long it may last, in plan seconds. */
  readonly boundSeconds: number;
}

/** Asks everybody at once. Throws UserError if no ledger answers, or none knows the instance. */
export async function lookBefore(
  world: GameDayWorld,
  instance: Instance,
  boundSeconds: number,
): Promise<GameDayLook> {
  const { access, databases, groups, live, page } = world;
  const plan = planOf(access, instance);
  const roles = await rolesOf(access, instance.id);
  const site = access.fleet.sites[roles.primary.region];
  const group = site?.gameDayGroup;
  const side = async (seat: Roles["standby"]): Promise<SeatLook> => {
    if (!seat) return "missing";
    const found = await databases.look(seat).catch(() => "silent" as const);
    return found ?? "missing";
  };
  const [gathered, tests, report, complaint, primary, standby, admits] = await Promise.all([
    gather(access),
    lastTests(access, instance),
    live(instance),
    page(instance),
    side(roles.primary),
    side(roles.standby),
    group === undefined
      ? undefined
      : groups.security(roles.primary.region, group).catch(() => undefined),
  ]);
  const fleet = fleetStatus(access.fleet, gathered);
  const status = fleet.instances.find((each) => each.instance === instance.id);
  if (!status) throw new RangeError(`${instance.id}: the fleet has no plan of it`);
  return {
    ...{ instance, plan, site, roles, status, fleet, primary, standby, complaint, boundSeconds },
    ...{ windows: gathered.windows ?? [], live: report, tests: tests.records, group: admits },
    now: access.clock.now(),
    paced: (seconds) => access.clock.paced(seconds),
  };
}
