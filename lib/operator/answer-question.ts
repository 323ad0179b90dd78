import type { Answer, Seal } from "../../functions/approval/contract.ts";
import { settle } from "../../functions/approval/settle.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Access } from "./access.ts";
import type { Waiting } from "./open-question.ts";
import type { Running } from "./running.ts";

/** Answers if nobody has, and wakes the machine. Throws UserError if somebody was first. */
export async function answerQuestion(
  access: Access,
  { running, question }: Waiting,
  answer: Omit<Answer, "at">,
): Promise<void> {
  const at = access.clock.now().toISOString();
  const settled = await settle(access.ledgers(running.region), question, { ...answer, at });
  if (settled && !settled.ours) {
    const { state, by, at: when, reason } = settled.answer;
    throw new UserError(`${question.instance}: already ${state} by ${by} at ${when}: ${reason}`);
  }
  await wake(access, question.instance, running);
}

/** A machine that is not woken looks by itself, a little later; so this never rejects. */
export async function wake(
  { ledgers, machines }: Access,
  instance: string,
  { region, folder }: Running,
): Promise<void> {
  try {
    const seal = await ledgers(region).read<Seal>(keys.seal(instance, folder));
    if (seal) await machines.wake(region, seal.value.token);
  } catch {
    // See above.
  }
}
