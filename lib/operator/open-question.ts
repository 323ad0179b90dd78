import type { Approval } from "../../functions/approval/contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import { type Running, runningIn } from "./running.ts";

export interface Waiting {
  readonly running: Running;
  readonly question: Approval;
}

/** The failover of an instance that waits for a person. Throws UserError if none does: there is nothing to answer. */
export async function openQuestion(access: Access, instance: Instance): Promise<Waiting> {
  const running = await runningIn(access, instance).catch(nothingAsked);
  const { region, folder } = running;
  const key = keys.approval(instance.id, folder);
  const question = (await access.ledgers(region).read<Approval>(key))?.value;
  if (!question) {
    throw new UserError(`${instance.id}: ${folder} is running and asks nobody; see sla status`);
  }
  if (question.state === "open") return { running, question };
  const { state, by, at, reason } = question;
  throw new UserError(`${instance.id}: already ${state} by ${by} at ${at}: ${reason}`);
}

/** To stop what does not run is no mistake; to answer what nobody asked is one. */
function nothingAsked(cause: unknown): never {
  if (!(cause instanceof UserError)) throw cause;
  throw new UserError(cause.message, 2, { cause });
}
