import { type Said, sayOf } from "../../../functions/support/say.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import { cloudpepperHigh } from "../../../lib/sla/presets/cloudpepper-high.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";
import { fleet as provider } from "../../lib/infra/fleet.ts";

export const CONTROL = "eu-west-1";
export const MIRROR = "eu-central-2";
const [model] = provider.instances;
if (!model) throw new Error("an instance");
const acme: Instance = { ...model, plan: "cloudpepper-high" };

/** acme was sold replies in the business hours of Brussels. It is a Tuesday in summer, 09:00 there. */
export class SupportDesk {
  readonly clock = new FakeClock("2026-06-02T07:00:00Z");
  readonly memory = new MemoryLedgers();
  readonly fleet = {
    ...provider,
    plans: { "cloudpepper-high": cloudpepperHigh },
    instances: [acme],
  };
  readonly shelves = [CONTROL, MIRROR].map((region) => ({
    region,
    ledger: this.memory.at(region),
  }));
  #events = 0;

  readonly opened: Extract<Said, { kind: "opened" }> = {
    ...{ kind: "opened", title: "mail stands still", priority: 2, isPaged: false },
  };

  say(id: string, said: Said, atMs = this.clock.now().getTime()) {
    this.#events += 1;
    return sayOf(this, acme, id, {
      ...{ said, atMs, nowMs: this.clock.now().getTime() },
      ...{ by: "somebody", event: `event-${this.#events}` },
    });
  }

  /** `10:30` in UTC, of that day. */
  async at(time: string): Promise<void> {
    await this.clock.until(new Date(`2026-06-02T${time}:00Z`));
  }
}

export const at = (time: string) => Date.parse(`2026-06-02T${time}:00Z`);
