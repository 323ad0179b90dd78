import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SlaError } from "../../functions/kernel/errors.ts";
import { failoverDefinition } from "../../lib/infra/failover-definition.ts";
import { CONTROL, HOME, STANDBY, World } from "../fakes/failover-world.ts";

/** `before`: the call never arrives. `after`: it is done and its answer is lost. */
type Fate = "well" | "before" | "after";
type Method = (...values: never[]) => Promise<unknown>;

const DATABASE_CALLS = ["describe", "admitOnly", "reboot", "promote", "ask"] as const;
const LEDGER_CALLS = ["read", "create", "replace"] as const;

/** Every call to RDS, to the sql functions and to the ledgers draws its fate; when they run out, all is well. */
function tempt(world: World, fates: readonly Fate[]) {
  const next = fates.values();
  const wrap = <T extends object>(target: T, names: readonly (keyof T)[]) => {
    for (const name of names) {
      const truly = (target[name] as Method).bind(target);
      const fated: Method = async (...values) => {
        const fate = next.next().value ?? "well";
        if (fate === "before") throw lost(String(name));
        const answer = await truly(...values);
        if (fate === "after") throw lost(String(name));
        return answer;
      };
      Object.assign(target, { [name]: fated });
    }
  };
  wrap(world.databases, DATABASE_CALLS);
  for (const site of [HOME, STANDBY, CONTROL]) wrap(world.ledgers.at(site), LEDGER_CALLS);
}

const lost = (what: string) => new SlaError("CloudUnreachable", "cloud", `${what}: TimeoutError`);

const anyFate = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>("well") },
  { weight: 1, arbitrary: fc.constant<Fate>("before") },
  { weight: 1, arbitrary: fc.constant<Fate>("after") },
);
const anyDisaster = fc.record({
  fates: fc.array(anyFate, { maxLength: 200 }),
  /** The step before which the old primary is back, with clients. */
  backAt: fc.constantFrom("never", "fence", "drain", "promote", "gate", "flip"),
  /** The step before which the standby dies, or is refused by RDS. */
  standby: fc.constantFrom("well", "dies", "refuses"),
  at: fc.constantFrom("drain", "promote", "gate"),
  twice: fc.boolean(),
});
type Disaster = typeof anyDisaster extends fc.Arbitrary<infer T> ? T : never;

async function survived({ fates, backAt, standby, at, twice }: Disaster) {
  const world = new World();
  world.twice = twice;
  world.before = (step) => {
    if (step === backAt && world.primary.process === "dead") comesBack(world);
    if (step !== at) return;
    if (standby === "dies") world.standby.process = "dead";
    if (standby === "refuses") world.standby.refusals = 50;
  };
  tempt(world, fates);
  return { world, run: await world.failover() };
}

/** A process that was dead has no old connections; new ones it has if the network lets them in. */
function comesBack({ primary }: World) {
  primary.process = "runs";
  primary.sessions = primary.groups.includes("sg-clients") ? 3 : 0;
}

describe("whatever calls fail, before or after they had their effect", () => {
  it("two primaries never acknowledge when it is over", async () => {
    await fc.assert(
      fc.asyncProperty(anyDisaster, async (disaster) => {
        const { world } = await survived(disaster);
        const promoted = world.standby.source === undefined;
        const debt = world.ledgers.at(CONTROL).peek<{ state: string }>("debts/acme/fence.json");
        const both = promoted && world.primary.acknowledges();
        expect(both && debt?.state !== "owed").toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it("a failover that ends well has promoted: nobody else was at work", async () => {
    await fc.assert(
      fc.asyncProperty(anyDisaster, async (disaster) => {
        const { world, run } = await survived(disaster);
        if (run.status === "done") expect(world.standby.source).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it("one call that is lost, whichever it is, ends no failover", async () => {
    const told = new Set<string>();
    for (const fate of ["before", "after"] as const) {
      for (let call = 0; call < 80; call += 1) {
        const world = new World();
        tempt(world, [...Array<Fate>(call).fill("well"), fate]);
        const run = await world.failover();
        const promoted = world.standby.source === undefined;
        if (run.status !== "done" || !promoted) told.add(`${fate} ${call}: ${run.states.at(-1)}`);
      }
    }
    expect([...told]).toEqual([]);
  });

  it("an instance that is left without a primary is left with a mail that says so", async () => {
    await fc.assert(
      fc.asyncProperty(anyDisaster, async (disaster) => {
        const { world, run } = await survived(disaster);
        const fenced = world.primary.groups.includes("sg-2q");
        if (run.status === "done" || !fenced || world.standby.source === undefined) return;
        const said = world.notices.flatMap(({ lines }) => lines).join("\n");
        expect(said).toMatch(/fence is still on|fence stays on/);
      }),
      { numRuns: 200 },
    );
  });

  it("the neighbour's records stay as they were", async () => {
    const untouched = new World().signpost.zone.filter(({ name }) => name.includes("birch"));
    await fc.assert(
      fc.asyncProperty(anyDisaster, async (disaster) => {
        const { world } = await survived(disaster);
        const now = world.signpost.zone.filter(({ name }) => name.includes("birch"));
        expect(now).toEqual(untouched);
      }),
    );
  });

  it("names lead to the old primary, or to one that has proved a write", async () => {
    await fc.assert(
      fc.asyncProperty(anyDisaster, async (disaster) => {
        const { world } = await survived(disaster);
        const targets = new Set(world.targets("db.acme.example.ch"));
        const flipped = targets.size === 1 && targets.has(world.standby.host);
        expect(flipped && world.standby.proofs.length === 0).toBe(false);
      }),
    );
  });
});

describe("the machine's patience with a cloud that fails", () => {
  it("is two minutes and more at every step before the promotion", () => {
    const states = failoverDefinition((name) => name)["States"] as Record<string, State>;
    for (const name of ["Admit", "Evidence", "Preflight", "AdmitAgain", "Fence", "Drain"]) {
      const rule = states[name]?.Retry?.find(({ ErrorEquals }) =>
        ErrorEquals.includes("CloudThrottled"),
      );
      expect(rule && expectedSeconds(rule), name).toBeGreaterThan(120);
    }
  });
});

interface Rule {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
}
interface State {
  readonly Retry?: readonly Rule[];
}

/** With full jitter a delay is on average half of what it could be. */
const expectedSeconds = ({ IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds }: Rule) =>
  Array.from({ length: MaxAttempts }, (_, index) =>
    Math.min(IntervalSeconds * BackoffRate ** index, MaxDelaySeconds),
  ).reduce((sum, each) => sum + each / 2, 0);
