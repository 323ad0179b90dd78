import type { Alerts, Mail } from "../../functions/notify/notify.ts";

/** A topic in memory. */
export class MemoryAlerts implements Alerts {
  readonly mails: Mail[] = [];
  /** How many of the next publications fail. */
  failing = 0;

  async publish(mail: Mail): Promise<void> {
    if (this.failing-- > 0) throw new Error("the topic is away");
    this.mails.push(mail);
  }
}
