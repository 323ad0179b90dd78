import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ShelfState } from "../../functions/reconcile/contract.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { firstRoles } from "../../lib/sla/roles.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { alone, fleetOf, QUICK_PLAN } from "../fakes/fleet.ts";

const PLACES = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const [HOME, NEAR, FAR] = PLACES;
const HOUR = 60;
const BEGAN = "2026-02-20T09:00:00Z";
const ACME = alone("acme", { copies: [NEAR, FAR] });
const plan = {
  ...QUICK_PLAN,
  backups: { contents: ["database"], schedules: [{ every: "1d", keepNewest: 3 }] },
  siteLoss: { rpoSeconds: 6 * 3600, rtoSeconds: 86_400, includesDns: true },
} as Plan;

/** One whose primary is replaced now and then by a database that was restored. */
class Night extends BackupWorld {
  /** Places that were once none: what lies there ends at once, RDS may take one place at a time only. */
  readonly takenOut = new Set<string>();
  #epoch = 1;

  get primary(): string {
    return this.#epoch === 1 ? "acme-db" : `acme-db-${this.#epoch}`;
  }

  replacePrimary(): void {
    this.#epoch += 1;
    const primary = { region: HOME, database: this.primary };
    const since = new Date(this.nowMs).toISOString();
    const first = firstRoles(this.fleet, ACME, since);
    this.setRoles({ ...first, epoch: this.#epoch, primary, promotedAt: since });
  }

  order(copies: readonly string[]): void {
    for (const region of [NEAR, FAR]) if (!copies.includes(region)) this.takenOut.add(region);
    this.fleet = {
      ...this.fleet,
      instances: this.fleet.instances.map((each) => ({ ...each, copies })),
    };
  }
}

type Fault = (night: Night) => void | Promise<void>;

/** Each happens, and lasts until the next; what a person did by hand stays done. */
const FAULTS: Readonly<Record<string, Fault>> = {
  "the home region is silent": (night) => void night.silent.add(HOME),
  "the place of the logs is silent": (night) => void night.silent.add(NEAR),
  "another place is silent": (night) => void night.silent.add(FAR),
  "a place does not tell": (night) => void night.automated.mute.add(NEAR),
  "nothing arrives": (night) => void night.automated.stuck.set(NEAR, night.nowMs),
  "RDS keeps none": (night) => void night.automated.unkept.add(night.primary),
  "RDS ends it": (night) => night.automated.end(night.primary, NEAR),
  "there is no room": (night) => {
    night.automated.quota = 0;
  },
  "a person replicates as well": (night) => {
    const isThere = night.automated.in(FAR).some(({ isRetained }) => !isRetained);
    if (!isThere) night.automated.put({ region: HOME, database: night.primary }, FAR);
  },
  "the primary is replaced": (night) => night.replacePrimary(),
  "the order of copies changes": (night) => night.order([FAR, NEAR]),
  "a place is taken out": (night) => night.order([NEAR]),
  "two pass at once": async (night) => {
    const awake = [...PLACES, ...PLACES].filter((region) => !night.silent.has(region));
    await Promise.all(awake.map((region) => night.pass(region)));
  },
};

function mend(night: Night): void {
  const { silent, automated } = night;
  for (const each of [silent, automated.mute, automated.stuck, automated.unkept]) each.clear();
  automated.quota = 20;
}

const courses = fc.array(
  fc.record({
    name: fc.constantFrom(...Object.keys(FAULTS)),
    hours: fc.integer({ min: 1, max: 30 }),
  }),
  { minLength: 1, maxLength: 6 },
);

describe("under any sequence of faults", () => {
  it("no logs are ended in a place before others can be restored, and in the end those of the primary are", async () => {
    await fc.assert(
      fc.asyncProperty(courses, async (faults) => {
        const night = new Night(fleetOf([ACME], plan), BEGAN);
        await night.run(6 * HOUR);
        for (const { name, hours } of faults) {
          await FAULTS[name]?.(night);
          await night.run(hours * HOUR);
          mend(night);
        }
        await night.run(9 * HOUR);
        const { automated } = night;
        const bare = automated.ended.filter(
          ({ isCovered, region }) => !(isCovered || night.takenOut.has(region)),
        );
        expect(bare).toEqual([]);
        expect(automated.restorable()).toContain(night.primary);
        // Of what we began; what a person did is left alone.
        const live = [NEAR, FAR].flatMap((region) =>
          automated.in(region).filter(({ isRetained, days }) => !isRetained && days === 8),
        );
        expect(live.length).toBeLessThanOrEqual(1);
        for (const region of PLACES) {
          const state = night.ledgers.at(region).peek<ShelfState>(`shelves/${region}.json`);
          expect(state?.troubles.filter(({ kind }) => kind.startsWith("logs"))).toEqual([]);
        }
      }),
      { numRuns: Number(process.env["SLA_RUNS"] ?? 25), interruptAfterTimeLimit: 10_000 },
    );
  });
});
