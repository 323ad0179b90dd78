import type { RestorePoint } from "../../functions/failover/ports.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { RecoverRequest } from "../../functions/recover/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Roles, Seat } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import { haltedRequest } from "./halted-request.ts";
import type { Candidate } from "./recover-candidates.ts";
import { acceptedBy, type RecoverWish } from "./recover-wish.ts";
import type { ChosenRecovery } from "./recovery-plan.ts";

interface AdmitNote {
  readonly before: Roles & { readonly standby: Seat };
  readonly restored: { readonly point: RestorePoint };
}

/**
 * A halted recovery gone on with, where it ran: what it was about and what it had chosen stay, what is accepted is said anew.
 *
 * @param choose of one that halted before it had chosen anything
 */
export async function continuedRecovery(
  access: Access,
  instance: string,
  wish: RecoverWish & { readonly continues: string },
  choose: (request: RecoverRequest, to: string) => Promise<ChosenRecovery>,
): Promise<ChosenRecovery> {
  const { continues: id, reason } = wish;
  const halted = await haltedRequest(access, instance, { id, what: "recovery" });
  const { region } = halted;
  refuseAnother(wish, halted);
  const ledger = access.ledgers(region);
  if (await ledger.read(keys.failover(instance, id, "record"))) {
    throw new UserError(`--continue: ${id} of ${instance} is done, nothing of it is left`);
  }
  const { accept: _accept, allowLossSeconds: _loss, recovery = {}, ...about } = halted.request;
  const request: RecoverRequest = {
    ...{ ...about, trigger: "person", reason, recovery, continues: id },
    ...acceptedBy(wish),
  };
  const note = (await ledger.read<AdmitNote>(keys.failover(instance, id, "admit")))?.value;
  if (!note) return choose(request, region);
  const chosen = candidateOf(note.restored.point, note.before.standby);
  return { request, chosen, because: `${id} began with it`, candidates: [chosen], silent: [] };
}

/** The command of the mail says again where it ran and to what; nothing else can be gone on with. */
function refuseAnother(
  { continues, to, at }: RecoverWish,
  { region, request }: Awaited<ReturnType<typeof haltedRequest>>,
): void {
  const began = request.recovery?.at;
  if (to !== undefined && to !== region) {
    throw new UserError(`--to: ${continues} goes on in ${region}, where it began, not in ${to}`);
  }
  if (at === undefined || (began !== undefined && Date.parse(at) === Date.parse(began))) return;
  const was = began === undefined ? "for the newest data there are" : `for those of ${began}`;
  throw new UserError(`--at: ${continues} began ${was}; for others begin anew, without --continue`);
}

function candidateOf(point: RestorePoint, seat: Seat): Candidate {
  const { at } = point;
  const { region } = seat;
  if (point.from === "logs") return { region, from: "logs", at, seat };
  const proof = point.isProven ? "proven" : "untested";
  return { region, from: "backup", id: point.id, at, proof, seat };
}
