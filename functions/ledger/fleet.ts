import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { prefixes } from "./contract.ts";
import type { Ledger } from "./ledger.ts";

const LANES = 32;

/** Reads the deployed fleet once: its key is its hash. Rejects with `FleetMissing` if nobody put it there. */
export function fleetReader(ledger: Ledger, fleetKey: string): () => Promise<Fleet> {
  let known: Fleet | undefined;
  return async () => {
    known ??= (await ledger.read<Fleet>(fleetKey))?.value;
    if (known) return known;
    throw new SlaError(
      "FleetMissing",
      "operator",
      `${fleetKey} is not in this site's ledger: deploy the site's stack again`,
    );
  };
}

export interface RolesReader {
  /** Current roles of all instances in this ledger, by instance; reads again only what has changed. */
  all(): Promise<ReadonlyMap<string, Roles>>;
}

export function rolesReader(ledger: Ledger): RolesReader {
  let known = new Map<string, { readonly tag: string; readonly roles: Roles }>();
  return {
    async all() {
      const listed = await ledger.list(prefixes.roles);
      const entries = await inLanes(LANES, listed, async ({ key, tag }) => {
        const cached = known.get(key);
        if (cached?.tag === tag) return [[key, cached]] as const;
        const read = await ledger.read<Roles>(key);
        return read ? ([[key, { tag: read.tag, roles: read.value }]] as const) : [];
      });
      known = new Map(entries.flat());
      return new Map([...known.values()].map(({ roles }) => [roles.instance, roles]));
    },
  };
}
