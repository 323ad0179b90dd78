import type { FailoverRequest } from "../../functions/failover/contract.ts";
import type { ReprotectRequest } from "../../functions/failover/reprotect-contract.ts";
import type { Unconfirmed } from "../../functions/notify/subscriptions.ts";
import type { RecoverRequest } from "../../functions/recover/contract.ts";
import { type Entry, emptyShard } from "../../functions/watch/shard-state.ts";
import type { Access } from "../../lib/operator/access.ts";
import type { Execution, Machines } from "../../lib/operator/machine.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { firstRoles, promotedRoles, type Roles } from "../../lib/sla/roles.ts";
import { LeapingClock } from "./failover-clock.ts";
import { FakeDatabase, FakeDatabases } from "./failover-databases.ts";
import { alone, fleetOf, instance } from "./fleet.ts";
import { MemoryLedgers } from "./ledger.ts";

export const NOW = "2026-11-21T10:00:45.000Z";
export const LAST_LOOK = "2026-11-21T10:00:40.000Z";
export const HOME = "eu-central-2";
export const STANDBY = "eu-central-1";
export const CONTROL = "eu-west-1";

/** acme with a standby, dale without; both well, seen five seconds ago. */
export class Bureau implements Access {
  readonly fleet: Fleet = fleetOf([instance("acme"), alone("dale")]);
  readonly clock = new LeapingClock(NOW);
  readonly memory = new MemoryLedgers();
  readonly ledgers = this.memory.at;
  readonly running = new Set<string>();
  readonly pending: Unconfirmed[] = [];
  readonly executions = { isRunning: async (arn: string) => this.running.has(arn) };
  readonly databases = new FakeDatabases(this.clock);
  readonly registry = this.databases;
  readonly started: { region: string; name: string; request: FailoverRequest }[] = [];
  readonly woken: string[] = [];
  readonly caller = "arn:aws:iam::111111111111:user/ops";
  readonly reprotects: { region: string; name: string; request: ReprotectRequest }[] = [];
  readonly recoveries: { region: string; name: string; request: RecoverRequest }[] = [];
  readonly machines: Machines & { describe: Machines["describe"] } = {
    start: async (region: string, name: string, request: FailoverRequest) => {
      this.started.push({ region, name, request });
      return `arn:aws:states:${region}:111111111111:execution:sla-failover:${name}`;
    },
    startReprotect: async (region: string, name: string, request: ReprotectRequest) => {
      this.reprotects.push({ region, name, request });
      return `arn:aws:states:${region}:111111111111:execution:sla-reprotect:${name}`;
    },
    startRecovery: async (region: string, name: string, request: RecoverRequest) => {
      this.recoveries.push({ region, name, request });
      return `arn:aws:states:${region}:111111111111:execution:sla-recover:${name}`;
    },
    startTest: async (region, name) =>
      `arn:aws:states:${region}:111111111111:execution:sla-restore-test:${name}`,
    describe: async () => Promise.reject(new Error("nothing runs in here")),
    history: async () => [],
    wake: async (_region: string, token: string) => void this.woken.push(token),
  };
  readonly mailing = {
    unconfirmed: async (region: string) => this.pending.filter((each) => each.region === region),
  };

  constructor() {
    this.databases.all.set(`${HOME}/acme-db`, new FakeDatabase("acme-db"));
    this.databases.all.set(
      `${STANDBY}/acme-db-standby`,
      new FakeDatabase("acme-db-standby", `arn:aws:rds:${HOME}:111111111111:db:acme-db`),
    );
    for (const site of Object.keys(this.fleet.sites)) {
      for (const each of this.fleet.instances) {
        const roles = firstRoles(this.fleet, each, "2026-11-01T00:00:00.000Z");
        this.memory.at(site).put(`roles/${each.id}.json`, roles);
      }
    }
    this.sees(STANDBY, "acme");
    this.sees(CONTROL, "dale");
  }

  /** acme was failed over at 10:00:30: nobody stands by. */
  failedOver(): void {
    const acme = this.memory.at(HOME).peek<Roles>("roles/acme.json");
    if (!acme) throw new Error("acme has no roles");
    const roles = promotedRoles(acme, CONTROL, "2026-11-21T10:00:30.000Z", "a failover");
    for (const site of [HOME, STANDBY, CONTROL]) this.memory.at(site).put("roles/acme.json", roles);
  }

  /** An execution as Step Functions describes it. */
  execution(state: Partial<Execution>, continues?: string): Execution {
    const request: FailoverRequest = {
      instance: "acme",
      incident: "i1",
      epoch: 1,
      trigger: "person",
      reason: "no power",
      firstBadAt: LAST_LOOK,
      ...(continues !== undefined && { continues }),
    };
    return { isRunning: false, succeeded: false, request, ...state };
  }

  /** What a site's watch remembers of an instance. */
  sees(site: string, id: string, changes: Partial<Entry> = {}): void {
    const state = { ...emptyShard("s00", site), lastSlot: LAST_LOOK };
    this.memory.at(site).put("shards/s00.json", {
      ...state,
      instances: { [id]: { ...WELL, ...changes } },
    });
  }
}

const beat = (at: string) => ({ at, sequence: 7 });

export const WELL: Entry = {
  epoch: 1,
  incident: { kind: "healthy", lastSlot: LAST_LOOK, lastGoodAt: LAST_LOOK },
  beats: { primary: beat("2026-11-21T10:00:39.000Z"), standby: beat("2026-11-21T10:00:38.000Z") },
  lastSeen: { streaming: true, standbyBeat: "2026-11-21T10:00:38.000Z" },
};

/** An incident since 10:00:00, told what is named. */
export const down = (...told: readonly string[]): Entry["incident"] => ({
  kind: "down",
  lastSlot: LAST_LOOK,
  lastGoodAt: "2026-11-21T09:59:45.000Z",
  firstBadAt: "2026-11-21T10:00:00.000Z",
  incident: "20261121100000000",
  goodRounds: 0,
  told,
});
