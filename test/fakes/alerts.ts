import type { Alerts, Mail } from "../../functions/notify/notify.ts";

/** A topic in memory. */
export class MemoryAlerts implements Alerts {
  readonly mails: Mail[] = [];
  /** How many of the next publications fail. */
  failing = 0;
  /** While there, publications wait for it. */
  hanging: Promise<void> | undefined;
  /** Publications that have ever waited. */
  waiting = 0;

  async publish(mail: Mail): Promise<void> {
    if (this.hanging) {
      this.waiting += 1;
      await this.hanging;
    }
    if (this.failing-- > 0) throw new Error("the topic is away");
    this.mails.push(mail);
  }
}
