import { SlaError } from "../../../functions/kernel/errors.ts";
import { keys } from "../../../functions/ledger/contract.ts";
import { UserError } from "../../cli/user-error.ts";
import { byAuthority, type Roles } from "../../sla/roles.ts";
import type { Access } from "../access.ts";
import { askSites } from "../ask-sites.ts";
import { backupView } from "../backup-view.ts";
import { instanceStatus } from "../instance-status.ts";
import { readInstanceBooks } from "../site-books.ts";
import type { Care } from "./ports.ts";

/** As the ledgers of the sites tell it. */
export function careBy(access: Access): Care {
  const { fleet, ledgers, clock } = access;
  const instanceOf = (id: string) => {
    const instance = fleet.instances.find((each) => each.id === id);
    const plan = instance && fleet.plans[instance.plan];
    if (!instance || !plan) throw new RangeError(`the fleet has no ${id}`);
    return { instance, plan };
  };
  return {
    async roles(id) {
      const sites = Object.keys(fleet.sites);
      const asked = sites.map((site) =>
        ledgers(site).read<Roles>(keys.roles(id)).catch(unlessAbsent),
      );
      const found = await Promise.all(asked);
      return found.flatMap((entry) => (entry ? [entry.value] : [])).toSorted(byAuthority)[0];
    },

    async watched(id) {
      const { instance, plan } = instanceOf(id);
      const asked = await answered(askSites(access, (site) => readInstanceBooks(access, site, id)));
      const { look, heartbeat, redundancy } = instanceStatus(instance, plan, {
        ...asked,
        now: clock.now(),
        pacer: clock,
      });
      return {
        ...(look && { lookedAt: look.at }),
        isUp: look?.verdict === "up",
        ...(heartbeat && { beatAt: heartbeat.at }),
        redundancy,
      };
    },

    async backups(id) {
      const { instance } = instanceOf(id);
      const { places, backups } = await answered(backupView(access, instance));
      return places.map((place) => ({
        place,
        has: backups.some(({ states }) => states[place] === "available"),
      }));
    },
  };
}

/** Where nobody answers, asking again may help: it is no mistake of whoever asks. */
async function answered<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new SlaError("CloudUnreachable", "cloud", cause.message, { cause });
  }
}

/** Before the first deployment there is no ledger. One that is silent is no such thing: it may know of newer roles. */
function unlessAbsent(cause: unknown): undefined {
  if (cause instanceof SlaError && cause.code === "LedgerMissing") return undefined;
  throw cause;
}
