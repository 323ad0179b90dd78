import { SlaError } from "../../functions/kernel/errors.ts";
import type { LiveEvent, LiveRecord } from "../../functions/live/contract.ts";
import { type Looking, lookLive } from "../../functions/live/look.ts";
import type { Account, LiveWorld } from "../../functions/live/ports.ts";
import { dailyLook } from "../../functions/live/round.ts";
import type { Notice } from "../../functions/notify/contract.ts";
import { adoptAll } from "../../lib/operator/adopting/adopt.ts";
import { adoptSteps } from "../../lib/operator/adopting/steps.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { LEAST_BOOTSTRAP } from "../../lib/sla/live/judge-region.ts";
import type { SealedLook } from "../../lib/sla/live/judge-sealed.ts";
import type { TlsScan } from "../../lib/sla/live/tls-grade.ts";
import { MemoryLedgers } from "./ledger.ts";
import { LivingAccount, MASTER } from "./living-account.ts";

const PLENTY = { has: 100_000, uses: 0 };
export const GOOD_ACCOUNT: Account = {
  switchedOn: async () => new Map(),
  bootstrap: async () => LEAST_BOOTSTRAP,
  quotas: async () => ({ "L-B99A9384": PLENTY, "L-7B6409FD": PLENTY }),
  healthChecks: async () => ({ has: 200, uses: 1 }),
};
const SEALED: SealedLook = {
  subnet: { vpc: "vpc-0tests", givesPublic: false, givesIpv6: false },
  group: { vpc: "vpc-0tests", openings: [] },
};
export const GOOD_TLS: TlsScan = {
  versions: { "TLSv1.2": true, "TLSv1.3": true },
  families: { "AEAD with forward secrecy": true },
};

export const silent = () => Promise.reject(new SlaError("CloudUnreachable", "cloud", "no answer"));

/** A fleet that was adopted and deployed, and how it is looked at. */
export async function keptAccount(fleet: Fleet): Promise<KeptAccount> {
  const account = new LivingAccount(fleet);
  const adopt = () =>
    adoptAll({
      ...{ fleet, instances: fleet.instances, world: account, steps: () => adoptSteps(() => "x") },
      ...{
        wish: { readsRows: true, masters: { postgres: MASTER, mariadb: MASTER, mysql: MASTER } },
        dryRun: false,
        tell: () => undefined,
      },
    });
  await adopt();
  account.deploy();
  await adopt();
  return new KeptAccount(fleet, account);
}

const REGION = "eu-west-1";

export class KeptAccount {
  readonly fleet: Fleet;
  readonly account: LivingAccount;
  readonly ledgers = new MemoryLedgers();
  readonly told: Notice[] = [];
  /** What of the world is not as it was adopted. */
  change: Partial<LiveWorld> = {};
  fleetKey = "fleet/1.json";

  constructor(fleet: Fleet, account: LivingAccount) {
    this.fleet = fleet;
    this.account = account;
  }

  get world(): LiveWorld {
    const { account } = this;
    return {
      ...{
        databases: account.databases,
        groups: account.groups,
        zones: account.zones,
        secrets: account.secrets,
      },
      ...{ stops: account.stops, roles: async () => account.known, clock: account.clock },
      ...{ account: GOOD_ACCOUNT, mailing: { unconfirmed: async () => [] } },
      sealed: { look: async () => SEALED },
      following: async () => {
        const now = account.clock.now().toISOString();
        return { at: now, primary: now, standby: now };
      },
      ...{ isMoving: async () => false, tls: async () => GOOD_TLS },
      ...this.change,
    };
  }

  look(looking: Partial<Looking> = {}) {
    return lookLive(this.fleet, this.world, { progress: () => undefined, ...looking });
  }

  /** As the function does it. */
  daily(event: LiveEvent = {}): Promise<LiveRecord | undefined> {
    const messenger = {
      notify: async ({ notices }: { readonly notices: readonly Notice[] }) =>
        void this.told.push(...notices),
    };
    const { fleet, fleetKey, world } = this;
    const ledger = this.ledgers.at(REGION);
    return dailyLook({ region: REGION, fleet, fleetKey, ledger, messenger, world }, event);
  }

  async hours(count: number): Promise<void> {
    await this.account.clock.wait(count * 3600);
  }

  /** The next day's look. */
  async tomorrow(): Promise<LiveRecord | undefined> {
    await this.hours(24);
    return this.daily();
  }
}
