import { type AskEvent, ask } from "../../functions/failover/ask.ts";
import { ASSESS } from "../../functions/failover/assess-steps.ts";
import {
  executionName,
  FAILOVER_FUNCTIONS,
  type FailoverRequest,
} from "../../functions/failover/contract.ts";
import { FENCE } from "../../functions/failover/fence-steps.ts";
import { FLIP } from "../../functions/failover/flip-steps.ts";
import { gate } from "../../functions/failover/gate.ts";
import type { StopChecks } from "../../functions/failover/ports.ts";
import { promote } from "../../functions/failover/promote.ts";
import { RECORD } from "../../functions/failover/record-steps.ts";
import type { DnsRecord } from "../../functions/failover/records.ts";
import type { ReprotectRequest } from "../../functions/failover/reprotect-contract.ts";
import { type StepEvent, take } from "../../functions/failover/step.ts";
import type { Notice } from "../../functions/notify/contract.ts";
import type { ProbeAnswer, ProbeRequest } from "../../functions/probe/contract.ts";
import { failoverDefinition } from "../../lib/infra/failover-definition.ts";
import { type Engine, traitsOf } from "../../lib/sla/engine.ts";
import type { FailoverMode, Fleet } from "../../lib/sla/fleet.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { firstRoles, type Roles } from "../../lib/sla/roles.ts";
import { type Run, runLine } from "./asl-line.ts";
import { LeapingClock } from "./failover-clock.ts";
import { FakeClusters } from "./failover-clusters.ts";
import { FakeDatabase, FakeDatabases } from "./failover-databases.ts";
import { FakeRegional } from "./failover-regional.ts";
import { FakeSignpost } from "./failover-signpost.ts";
import { fleetOf, instance, QUICK_PLAN, regional } from "./fleet.ts";
import { MemoryLedgers } from "./ledger.ts";

export const HOME = "eu-central-2";
export const STANDBY = "eu-central-1";
export const CONTROL = "eu-west-1";
export const FIRST_BAD = "2026-11-21T10:00:00.000Z";
const DIED = "2026-11-21T09:59:50.000Z";
const LAST_GOOD = "2026-11-21T09:59:45.000Z";
const NOW = "2026-11-21T10:00:45.000Z";

/** How the instances are sold, as far as scenarios differ in it. */
interface Sold {
  readonly stop?: "own" | "cell";
  readonly failover?: FailoverMode;
  readonly approval?: Plan["approval"];
  readonly engine?: Engine;
  /** Clusters of one region each. */
  readonly regional?: true;
}

/** acme fails over; birch is the neighbour in the same zone and sites. */
export class World {
  readonly clock = new LeapingClock(NOW);
  readonly ledgers = new MemoryLedgers();
  readonly databases: FakeDatabases;
  /** Where its machine runs. */
  site = STANDBY;
  readonly signpost: FakeSignpost;
  readonly notices: Notice[] = [];
  readonly running = new Set<string>();
  readonly blind = new Set<string>();
  /** Told to the page instead of what the databases say. */
  page: "as it is" | "good" | "bad" = "as it is";
  readonly fleet: Fleet;
  /** Called before each step, for disasters in the middle. */
  before: (step: string) => void | Promise<void> = () => {};
  /** What people do while the machine waits for them, the first time, the second… */
  people: (wait: number) => void | Promise<void> = () => {};
  waits = 0;
  /** Tokens that came back. */
  readonly woken = new Set<string>();
  #objection: unknown;
  /** Called while a machine waits, with the seconds it waits. */
  meanwhile: (seconds: number) => void = () => this.databases.settle();
  /** The checks that were made, and what each sees. */
  stopChecks: StopChecks = { named: async () => [], seen: async () => undefined };
  readonly reprotects = new FakeReprotects();
  /** True: every step is taken twice, as when an answer is lost. */
  twice = false;

  constructor({ stop = "cell", engine, ...sold }: Sold = {}) {
    if (sold.regional) this.site = CONTROL;
    const clusters = sold.regional ? new FakeRegional(this.clock) : new FakeClusters(this.clock);
    this.databases = traitsOf(engine).isCluster ? clusters : new FakeDatabases(this.clock);
    this.databases.engine = engine;
    const app = { home: "app-2.elb.example", standby: "app-1.elb.example" };
    const dns = (id: string) => ({
      zone: "Z1",
      names: { database: `db.${id}.example.ch`, app: `${id}.example.ch` },
      ttl: 60,
      stop,
    });
    const { failover = "automatic", approval } = sold;
    this.fleet = fleetOf(
      ["acme", "birch"].map((id) =>
        sold.regional && engine
          ? regional(id, engine, { app: { home: app.home }, dns: dns(id), failover })
          : instance(id, { app, dns: dns(id), failover }, engine),
      ),
      { ...QUICK_PLAN, ...(approval && { approval }) },
    );
    for (const each of this.fleet.instances) this.#build(each.id);
    this.signpost = new FakeSignpost(this.fleet.instances.flatMap(({ id }) => recordsOf(id)));
    this.signpost.now = () => this.clock.now();
    this.lose("acme");
  }

  /** Its primary is dead, its heart has stopped. */
  lose(id: string): void {
    const primary = this.#database(HOME, `${id}-db`);
    Object.assign(primary, { process: "dead", beatAt: Date.parse(DIED) });
    const standby = this.databases.all.get(`${STANDBY}/${id}-db-standby`);
    if (standby) standby.beatAt = Date.parse(DIED);
  }

  get primary() {
    return this.#database(HOME, "acme-db");
  }

  get standby() {
    return this.#database(STANDBY, "acme-db-standby");
  }

  get roles(): Roles | undefined {
    return this.ledgers
      .at(this.site === CONTROL ? CONTROL : STANDBY)
      .peek<Roles>("roles/acme.json");
  }

  /** Targets of a name, both answers of the failover pair. */
  targets = (name: string) =>
    this.signpost.zone.filter((each) => each.name === name).map(({ target }) => target);

  get told() {
    return this.notices.map(({ kind }) => kind);
  }

  request(changes: Partial<FailoverRequest> = {}): FailoverRequest {
    return {
      instance: "acme",
      incident: "i1",
      epoch: 1,
      trigger: "watch",
      reason: "3 bad rounds",
      firstBadAt: FIRST_BAD,
      lastGoodAt: LAST_GOOD,
      lastSeen: { standbyBeat: LAST_GOOD, primaryBeat: LAST_GOOD, streaming: true },
      ...changes,
    };
  }

  executionOf = (request: FailoverRequest, name = executionName(request)) =>
    `arn:aws:states:${this.site}:111111111111:execution:sla-failover:${name}`;

  /** Runs the synthesized machine to its end. */
  async failover(request = this.request(), name?: string): Promise<Run> {
    const execution = this.executionOf(request, name);
    const definition = failoverDefinition((fn) => fn);
    this.running.add(execution);
    try {
      const run = await runLine(definition, request, execution, {
        invoke: (fn, payload) => this.#invoke(fn, payload as StepEvent),
        pause: (seconds) => this.clock.wait(seconds),
        wait: (token, seconds) => this.#wait(token, seconds),
      });
      // The machine would take a test's objection for a failure of its task, and catch it.
      if (this.#objection !== undefined) throw this.#objection;
      return run;
    } finally {
      this.running.delete(execution);
    }
  }

  async #wait(token: string, seconds: number): Promise<boolean> {
    this.waits += 1;
    try {
      await this.people(this.waits);
    } catch (cause) {
      this.#objection ??= cause;
    }
    if (!this.woken.has(token)) await this.clock.wait(seconds);
    return this.woken.has(token);
  }

  async #invoke(fn: string, event: StepEvent) {
    await this.before(event.step);
    const first = await this.#take(fn, event);
    return this.twice ? this.#take(fn, event) : first;
  }

  #take(fn: string, event: StepEvent) {
    const { clock, fleet, databases } = this;
    const here = { region: this.site, fleet, ledgers: this.ledgers.at, clock };
    const sees = { registry: databases, sql: databases };
    const vantages = { probe: this.probes };
    const messenger = { notify: async (notice: Notice) => void this.notices.push(notice) };
    const executions = { isRunning: async (arn: string) => this.running.has(arn) };
    switch (fn) {
      case FAILOVER_FUNCTIONS.ask:
        return ask({ ...here, messenger }, event as unknown as AskEvent);
      case FAILOVER_FUNCTIONS.assess:
        return take(ASSESS, { ...here, ...sees, vantages, messenger, executions }, event);
      case FAILOVER_FUNCTIONS.fence:
        return take(FENCE, { ...here, ...sees, fence: databases }, event);
      case FAILOVER_FUNCTIONS.promote:
        return take({ promote, gate }, { ...here, ...sees, standby: databases }, event);
      case FAILOVER_FUNCTIONS.flip: {
        const { signpost, stopChecks } = this;
        return take(FLIP, { ...here, signpost, oracle: signpost, vantages, stopChecks }, event);
      }
      default:
        return take(RECORD, { ...here, messenger, reprotects: this.reprotects }, event);
    }
  }

  /** A page is good if the database its name leads to takes a new client's write. */
  probes = async (vantage: string, { targets }: ProbeRequest): Promise<ProbeAnswer> => {
    const results = targets.map(({ id }) => {
      const host = this.signpost.answer(`db.${id}.example.ch`);
      const database = [...this.databases.all.values()].find((each) => each.host === host);
      const good =
        this.page === "as it is"
          ? (database?.acknowledgesNewClient() ?? false)
          : this.page === "good";
      return { id, good, tookMs: 5, ...(!good && { reason: "status 503" }) };
    });
    return { vantage, blind: this.blind.has(vantage), results };
  };

  #build(id: string) {
    const { engine } = this.databases;
    const kind = traitsOf(engine).isCluster ? "cluster" : "db";
    const source = `arn:aws:rds:${HOME}:111111111111:${kind}:${id}-db`;
    this.databases.all.set(
      `${HOME}/${id}-db`,
      new FakeDatabase(`${id}-db.${HOME}.rds`, undefined, engine),
    );
    const found = this.fleet.instances.find((each) => each.id === id);
    if (!found) throw new Error(id);
    if (found.standby !== undefined) {
      this.databases.all.set(
        `${STANDBY}/${id}-db-standby`,
        new FakeDatabase(`${id}-db-standby.${STANDBY}.rds`, source, engine),
      );
    }
    for (const region of [HOME, STANDBY, CONTROL]) {
      this.ledgers.at(region).put(`roles/${id}.json`, firstRoles(this.fleet, found, LAST_GOOD));
    }
    const owner = found.standby ?? CONTROL;
    this.ledgers.at(owner).put(`incidents/${id}/i1.json`, { instance: id, incident: "i1" });
  }

  #database(region: string, id: string): FakeDatabase {
    const found = this.databases.all.get(`${region}/${id}`);
    if (!found) throw new Error(`${region}/${id}`);
    return found;
  }
}

/** Remembers what was begun where; by name it begins once. */
class FakeReprotects {
  readonly begun: { readonly region: string; readonly request: ReprotectRequest }[] = [];
  readonly lost = new Set<string>();

  async start(region: string, request: ReprotectRequest): Promise<void> {
    if (this.lost.has(region)) throw new Error(`${region} does not answer`);
    const isKnown = this.begun.some((each) => each.request.epoch === request.epoch);
    if (!isKnown) this.begun.push({ region, request });
  }
}

function recordsOf(id: string): readonly DnsRecord[] {
  const pair = (name: string, primary: string, secondary: string): readonly DnsRecord[] => [
    {
      ...{ name, target: primary, ttl: 60 },
      failover: { role: "PRIMARY", setIdentifier: "a", healthCheck: `check-${id}` },
    },
    { name, target: secondary, ttl: 60, failover: { role: "SECONDARY", setIdentifier: "b" } },
  ];
  return [
    ...pair(`db.${id}.example.ch`, `${id}-db.${HOME}.rds`, `${id}-db-standby.${STANDBY}.rds`),
    ...pair(`${id}.example.ch`, "app-2.elb.example", "app-1.elb.example"),
  ];
}
