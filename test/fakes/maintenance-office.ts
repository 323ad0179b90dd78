import type { Notice, NotifyRequest } from "../../functions/notify/contract.ts";
import { planWindow, type WindowWish } from "../../lib/operator/window-plan.ts";
import { knownWindows, windowIn } from "../../lib/operator/windows.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../lib/sla/presets/cloudpepper-high.ts";
import { mintsys } from "../../lib/sla/presets/mintsys.ts";
import { LeapingClock } from "./failover-clock.ts";
import { fleetOf, instance } from "./fleet.ts";
import { Bureau, NOW } from "./operator-access.ts";

export const FLEET = {
  ...fleetOf([
    instance("acme", { plan: "mintsys" }),
    instance("birch", {
      plan: "cloudpepper-high",
      contacts: ["it@birch.example", "it@acme.example.ch"],
    }),
  ]),
  plans: { mintsys: mintsys as Plan, "cloudpepper-high": cloudpepperHigh as Plan },
};

/** Stands where it is put. */
class StillClock extends LeapingClock {
  at = Date.parse(NOW);
  override now = () => new Date(this.at);
}

/** Where maintenance is announced: acme wants no notice, birch 24 hours. */
export class Office extends Bureau {
  override readonly clock = new StillClock(NOW);
  override readonly fleet = FLEET;
  readonly mailed: { readonly site: string; readonly notices: readonly Notice[] }[] = [];
  readonly closed = new Set<string>();
  readonly mails = async (site: string, { notices }: NotifyRequest) => {
    if (this.closed.has(site)) throw new Error(`${site}: no answer`);
    this.mailed.push({ site, notices });
  };

  get kinds() {
    return this.mailed.flatMap(({ notices }) =>
      notices.map(({ kind, instance: id }) => `${id} ${kind}`),
    );
  }

  plan(changes: Partial<WindowWish> = {}) {
    const wish: WindowWish = {
      ...{ kind: "planned", scope: "fleet", reason: "new disks", holdsFailovers: false },
      fromMs: Date.parse("2026-11-21T22:00:00Z"),
      toMs: Date.parse("2026-11-21T23:00:00Z"),
      ...{ instances: this.fleet.instances, ...changes },
    };
    return planWindow(this.fleet, wish, {
      ...{ by: this.caller, now: this.clock.now(), random: "3f9a" },
    });
  }

  async known() {
    return windowIn(await knownWindows(this), "m20261121-2200-3f9a");
  }
}
