import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Answer, Approval, Question } from "./contract.ts";

const ATTEMPTS = 5;

export interface Settled {
  /** What holds now, ours or another's. */
  readonly answer: Answer;
  /** Whether it was this call that decided. */
  readonly ours: boolean;
}

/** Answers an open question; one that has been answered keeps its first answer. Undefined: nobody asked. */
export async function settle(
  ledger: Ledger,
  { instance, failover }: Pick<Question, "instance" | "failover">,
  answer: Answer,
): Promise<Settled | undefined> {
  const key = keys.approval(instance, failover);
  for (let attempt = 1; ; attempt += 1) {
    const found = await ledger.read<Approval>(key);
    if (!found) return undefined;
    if (found.value.state !== "open") return { answer: found.value, ours: false };
    if (await ledger.replace(key, { ...found.value, ...answer }, found.tag)) {
      return { answer, ours: true };
    }
    if (attempt === ATTEMPTS) throw new Error(`${key}: changes all the time`);
  }
}
