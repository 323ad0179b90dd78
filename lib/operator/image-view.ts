import { ec2Images } from "../../functions/aws/ec2-images.ts";
import { listAll } from "../../functions/reconcile/listings.ts";
import { catalogueOf } from "../../functions/reconcile/observe.ts";
import type { Snapshots } from "../../functions/reconcile/ports.ts";
import type { Action } from "../sla/backups/action.ts";
import { ZoneCalendar } from "../sla/backups/calendar.ts";
import { desiredImagesOf } from "../sla/backups/images.ts";
import { reconcile } from "../sla/backups/reconcile.ts";
import { sort } from "../sla/backups/shelf.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import { type BackupRow, rows } from "./backup-view.ts";
import { rolesOf } from "./roles-of.ts";

/** All images of an instance's machines, wherever they lie. */
export interface ImageView {
  /** As the fleet calls the machine that they are taken of now; empty: it names none where the primary is. */
  readonly machine: string;
  /** Region of it. */
  readonly region: string;
  /** Versions of the complete instance; absent: none are counted, images stay as backups do. */
  readonly sold?: number;
  readonly places: readonly string[];
  /** Places whose API does not answer. */
  readonly silent: readonly string[];
  /** Oldest first. */
  readonly images: readonly BackupRow[];
  /** What the next passes will do. */
  readonly wanted: readonly Action[];
}

/** Undefined where none are sold, or nobody says of which machine. */
export async function imageView(
  access: Access,
  instance: Instance,
  images: Snapshots = ec2Images(access.clock),
): Promise<ImageView | undefined> {
  const { fleet, clock } = access;
  const plan = fleet.plans[instance.plan];
  const roles = await rolesOf(access, instance.id);
  const desired = plan && desiredImagesOf(instance, plan, roles);
  if (!desired) return undefined;
  const { places, primary } = desired;
  const { listings, silent } = await listAll(images, places);
  const observed = catalogueOf(
    listings,
    fleet.instances.map(({ id }) => id),
  ).of(instance.id);
  const calendar = new ZoneCalendar(fleet.provider.timezone);
  const nowMs = clock.now().getTime();
  const all = [...observed.shelves.values()];
  const kept = all.flatMap((shelf) => {
    const { whyKept } = sort(shelf, desired.plan, calendar, nowMs);
    return shelf.flatMap((each) => {
      const reasons = whyKept(each);
      return reasons ? [[each.id, reasons] as const] : [];
    });
  });
  const sold = plan.backups?.instanceVersions;
  return {
    ...{ machine: primary.database, region: primary.region, places },
    ...(sold !== undefined && { sold }),
    silent: [...silent.keys()],
    images: rows(all.flat(), new Map(kept), () => false),
    wanted: roles.leftAt === undefined ? reconcile(desired, observed, calendar, nowMs).actions : [],
  };
}
