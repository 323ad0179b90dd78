import type { FailoverRequest } from "../../functions/failover/contract.ts";
import type { PromoteIntent } from "../../functions/failover/promote-intent.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { heldBack } from "../../functions/watch/held-back.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import type { Access } from "./access.ts";
import { askSites } from "./ask-sites.ts";
import { continuedRequest, newRequest } from "./failover-request.ts";
import type { Outlook } from "./foresee.ts";
import { haltedRequest } from "./halted-request.ts";
import { instanceStatus, newestEntry } from "./instance-status.ts";
import { refuseLeft } from "./left.ts";
import { describeSeats } from "./seats.ts";
import { readInstanceBooks } from "./site-books.ts";
import type { Wish } from "./wish.ts";

/** A failover that could begin now. */
export interface Considered extends Outlook {
  /** Where it would run: the owner's site, or that of the failover it goes on with. */
  readonly region: string;
  /** Sites whose ledger does not answer. */
  readonly silent: readonly string[];
}

/** Reads all that is known of an instance. Throws UserError if nothing is, or `--continue` names nothing. */
export async function consider(
  access: Access,
  instance: Instance,
  wish: Wish,
  continues?: string,
): Promise<Considered> {
  const { clock, registry } = access;
  const asked = await askSites(access, (site) => readInstanceBooks(access, site, instance.id));
  const now = clock.now();
  const plan = planOf(access, instance);
  const status = instanceStatus(instance, plan, { ...asked, now, pacer: clock });
  refuseLeft(status);
  const { roles } = status;
  if (!roles)
    throw new UserError(`${instance.id}: no ledger that answers knows its roles; deploy the sites`);
  const entry = newestEntry(instance.id, asked.books)?.entry;
  const begun =
    continues === undefined
      ? { region: roles.owner, request: newRequest(wish, roles, entry, now) }
      : await continued(access, wish, continues, (epoch) =>
          newRequest(wish, { epoch }, entry, now),
        );
  const [seats, held] = await Promise.all([
    describeSeats(registry, roles),
    heldNow(access, begun.region, instance, now),
  ]);
  const silent = asked.unanswered.map(({ region }) => region);
  return { ...begun, status, plan, seats, ...(held && { held }), now, pacer: clock, silent };
}

/** As the machine would find it, in the ledger of its region; one that is silent says nothing. */
async function heldNow({ ledgers }: Access, region: string, { id }: Instance, now: Date) {
  const held = await heldBack(ledgers(region), [id], now.toISOString()).catch(() => undefined);
  return held?.get(id);
}

export function planOf({ fleet }: Pick<Access, "fleet">, { plan }: Instance): Plan {
  const found = fleet.plans[plan];
  if (found) return found;
  throw new UserError(`the fleet has no plan '${plan}'`);
}

/**
 * Goes on where it ran. Before RDS was asked to promote, it is about what is down now: since it stopped, its primary may
 * have served for days.
 */
async function continued(
  access: Access,
  wish: Wish,
  id: string,
  anew: (epoch: number) => FailoverRequest,
) {
  const { region, request } = await haltedRequest(access, wish.instance, { id, what: "failover" });
  const key = keys.failover(wish.instance, id, "promote");
  const promotion = await access.ledgers(region).read<PromoteIntent>(key);
  const about = promotion?.value.state === "asked" ? request : anew(request.epoch);
  return { region, request: continuedRequest(wish, id, about) };
}
