import type { Finding } from "../../lib/sla/backups/action.ts";
import type { Shelved } from "../../lib/sla/backups/catalogue.ts";
import type { Desired, Observed } from "../../lib/sla/backups/reconcile.ts";
import type { Roles } from "../../lib/sla/roles.ts";

interface Teller {
  readonly region: string;
  readonly roles: ReadonlyMap<string, Roles>;
}

/** Where a place was taken out of the fleet, or a primary was for a while: the last of them stay for good. */
export const leftBehind = ({ instance, places }: Desired, { shelves }: Observed): Finding[] =>
  [...shelves].flatMap(([region, shelf]) => {
    if (shelf.length === 0 || places.includes(region)) return [];
    const detail = `${shelf.length} backups lie where it has no copies: nobody deletes the last of them`;
    return [{ kind: "stranger", instance, region, detail, patienceMs: 0 }];
  });

/** Of an instance that nobody looks after. */
export function strangerFinding({ id, instance, region }: Shelved): Finding {
  const detail = `${id} is a backup of '${instance}', which is not in the fleet, or has no backups in its plan: nobody deletes it`;
  return { kind: "stranger", instance, region, detail, patienceMs: 0 };
}

/**
 * One site tells each: that of its place; of a place that is silent that of the primary. If the primary's own region is silent, the
 * watch has told so already.
 */
export const isTeller = (
  { region, roles }: Teller,
  { kind, instance, region: place }: Finding,
): boolean =>
  kind === "place-silent" ? roles.get(instance)?.primary.region === region : place === region;
