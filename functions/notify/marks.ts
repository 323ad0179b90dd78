import { keys } from "../ledger/contract.ts";
import { type Claim, MailMarks } from "../ledger/mail-marks.ts";
import type { Notice } from "./contract.ts";

/** Which notices have been mailed to whom. */
export class Marks {
  readonly #marks: MailMarks;

  constructor(...held: ConstructorParameters<typeof MailMarks>) {
    this.#marks = new MailMarks(...held);
  }

  claim(notice: Notice, recipient: string): Promise<Claim> {
    return this.#marks.claim(keyOf(notice, recipient));
  }

  settle(notice: Notice, recipient: string, state: "sent" | "failed"): Promise<void> {
    return this.#marks.settle(keyOf(notice, recipient), state);
  }
}

const keyOf = ({ instance, incident, kind, occasion }: Notice, recipient: string) =>
  keys.mail(instance, incident, occasion === undefined ? kind : `${kind}-${occasion}`, recipient);
