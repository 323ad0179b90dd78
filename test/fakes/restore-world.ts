import { NOT_YET } from "../../functions/failover/contract.ts";
import { FREEZE_FUNCTION } from "../../functions/freeze/contract.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { Begun, Compared } from "../../functions/restore/case.ts";
import {
  DISCARD_FUNCTION,
  RESTORE_FUNCTION,
  type RestoreTestRecord,
  TEST_PREFIX,
} from "../../functions/restore/contract.ts";
import { discard, reap } from "../../functions/restore/discard.ts";
import type { Discards, Reader, RestoreOrder, Restores } from "../../functions/restore/ports.ts";
import { RESTORE } from "../../functions/restore/restore-steps.ts";
import { type StepEvent, take } from "../../functions/restore/step.ts";
import type { Content, ContentRequest, Figures, SqlResult } from "../../functions/sql/contract.ts";
import { restoreTestDefinition } from "../../lib/infra/restore-test-definition.ts";
import { backupId, type Listed, type Tags, tagsOf } from "../../lib/sla/backups/catalogue.ts";
import type { Engine } from "../../lib/sla/engine.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { type Run, runLine } from "./asl-line.ts";
import { FakeClock } from "./clock.ts";
import { fleetOf, instance } from "./fleet.ts";
import { MemoryLedgers } from "./ledger.ts";

export const REGION = "eu-central-1";
const HOME = "eu-central-2";
const TAKEN = Date.parse("2026-11-21T03:00:00Z");
export const BACKUP = backupId("acme", TAKEN);
export const TEST = "rt-202611211000-acme";

export const FROZEN = {
  ...{ bucket: "sla-frozen", key: "acme/x/database.dump", sha256: "ab", bytes: 9_000_000 },
  retainUntil: "2027-02-28T10:00:00.000Z",
};

interface FakeRestored {
  order: RestoreOrder;
  status: string;
  opened: boolean;
}

/** One backup in one region, what RDS makes of it, and what is found in it. */
export class RestoreWorld {
  readonly clock = new FakeClock(Date.parse("2026-11-21T10:00:00Z"));
  readonly fleet: Fleet;
  readonly ledgers = new MemoryLedgers();
  readonly databases = new Map<string, FakeRestored>();
  /** Tags of the backup; undefined: it is not there. */
  tags: Tags | undefined = tagsOf({ instance: "acme", schedules: ["daily"], tickMs: TAKEN });
  status = "available";
  /** Statuses that a restore goes through, one a look; the last stays. */
  statuses = ["creating", "creating", "available"];
  /** How RDS answers the next requests to restore. */
  readonly answers: ("wrong-state" | { refused: string })[] = [];
  /** Parts in which the content comes. */
  parts: Content[] = [content()];
  figures: Figures | undefined = { at: "2026-11-21T02:59:58Z", schema: "s1", rows: { "a.b": 10 } };
  /** Answers of the reader before it reads. */
  readonly failures: SqlResult<Content>[] = [];
  /** What freezing comes to; undefined: neither sold nor deployed. */
  freezing: "well" | "badly" | undefined;
  /** What the plan sells where it is deployed. */
  sold: Partial<Plan> = { frozen: { immutable: true } };
  /** Steps of the function that freezes. */
  readonly frozen: string[] = [];
  /** Of which engine it was told that it dumps. */
  frozenEngine: string | undefined;
  /** Steps are taken twice: the first answer got lost. */
  twice = false;
  /** Looks at a database that is being deleted. */
  lingers = 1;
  /** How often AWS was asked, ledgers not counted. */
  calls = 0;
  /** Thrown by the next deletions. */
  readonly refusedDeletions: Error[] = [];
  readonly asked: ContentRequest[] = [];

  constructor(engine?: Engine) {
    this.fleet = fleetOf([instance("acme", { copies: [REGION] }, engine)]);
  }

  async run(backup = BACKUP): Promise<Run> {
    if (this.freezing) this.#sellFrozen();
    if (this.figures) this.ledgers.at(HOME).put(keys.figures("acme", BACKUP), this.figures);
    const execution = `arn:aws:states:${REGION}:111111111111:execution:sla-restore-test:${TEST}`;
    const invoke = async (fn: string, payload: unknown) => {
      const event = payload as StepEvent;
      const first = await this.#take(fn, event);
      return this.twice ? this.#take(fn, event) : first;
    };
    return runLine(
      restoreTestDefinition((fn) => fn, this.freezing !== undefined),
      { instance: "acme", backup, trigger: "schedule" },
      execution,
      { invoke, pause: (seconds) => this.clock.wait(seconds), wait: async () => false },
    );
  }

  record(): RestoreTestRecord {
    const record = this.ledgers
      .at(REGION)
      .peek<RestoreTestRecord>(keys.restore("acme", TEST, "record"));
    if (!record) throw new Error("nothing was recorded");
    return record;
  }

  reap = () => reap({ clock: this.clock, discards: this.#discards });

  #take(fn: string, event: StepEvent) {
    const { clock, ledgers, fleet } = this;
    if (fn === DISCARD_FUNCTION)
      return take({ discard }, { clock, discards: this.#counted(this.#discards) }, event);
    if (fn === FREEZE_FUNCTION) return this.#freeze(event);
    if (fn !== RESTORE_FUNCTION) throw new Error(`${fn} is no part of it`);
    const here = { region: REGION, fleet, ledgers: ledgers.at, clock };
    const shelf = {
      look: async (id: string) => this.#listed(id),
      tag: async (_: string, tags: Tags) => this.#tag(tags),
    };
    const [restores, reader] = [this.#counted(this.#restores), this.#counted(this.#reader)];
    return take(RESTORE, { ...here, shelf: this.#counted(shelf), restores, reader }, event);
  }

  /** A call of a port is one of AWS. */
  #counted<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name): unknown => {
        this.calls += 1;
        return Reflect.get(target, name);
      },
    });
  }

  #sellFrozen(): void {
    const { fleet } = this;
    Object.assign(fleet, { frozen: { account: "222222222222", region: REGION, retainDays: 99 } });
    const [name = "", plan] = Object.entries(fleet.plans)[0] ?? [];
    Object.assign(fleet.plans, { [name]: { ...plan, ...this.sold } });
  }

  async #freeze({ step, case: current }: StepEvent): Promise<Begun> {
    this.frozen.push(step);
    this.frozenEngine = (current as Partial<Compared>).engine;
    if (step === "freeze-start") return current;
    if (this.freezing === "badly") throw new SlaError("FreezeFailed", "operator", "no pg_dump");
    if (this.frozen.length < 4) throw new SlaError(NOT_YET, "cloud", "its task is under way");
    return Object.assign({}, current, { frozen: FROZEN });
  }

  #listed(id: string): Listed | undefined {
    if (id !== BACKUP || !this.tags) return undefined;
    const { status, tags } = this;
    return {
      id,
      region: REGION,
      status,
      takenAt: new Date(TAKEN).toISOString(),
      isCopy: true,
      tags,
    };
  }

  #tag(tags: Tags): void {
    this.tags = { ...this.tags, ...tags };
  }

  readonly #restores: Restores = {
    describe: async (database) => {
      const found = this.databases.get(database);
      if (!found) return undefined;
      const { status, order } = found;
      if (status !== "deleting") found.status = this.statuses.shift() ?? status;
      else if (--this.lingers <= 0) this.databases.delete(database);
      return {
        ...{ status: found.status, masterUsername: "odoo", tags: order.tags },
        endpoint: { host: `${database}.rds`, port: 5432 },
      };
    },
    restore: async (order) => {
      const answer = this.answers.shift();
      if (answer) return answer;
      this.databases.set(order.database, { order, status: "creating", opened: false });
      return "accepted";
    },
    open: async (database) => {
      const found = this.databases.get(database);
      if (!found) return "gone";
      found.opened = true;
      return "accepted";
    },
  };

  readonly #discards: Discards = {
    describe: this.#restores.describe,
    list: async (prefix) =>
      [...this.databases]
        .filter(([database]) => database.startsWith(prefix))
        .map(([database, { status, order }]) => ({ database, status, tags: order.tags })),
    remove: async (database) => {
      const refused = this.refusedDeletions.shift();
      if (refused) throw refused;
      const found = this.databases.get(database);
      if (!found) return "gone";
      found.status = "deleting";
      return "accepted";
    },
  };

  readonly #reader: Reader = {
    ask: async (request) => {
      this.asked.push(request);
      const failure = this.failures.shift();
      if (failure) return failure;
      const index = this.parts.findIndex(({ next }) => next?.table === request.from?.table);
      const value = this.parts[request.from === undefined ? 0 : index + 1];
      if (!value) throw new SlaError("FunctionFailed", "bug", "it has no such part");
      return { instance: "acme", ok: true, value };
    },
  };
}

/** A database as it was. */
export const content = (change: Partial<Content> = {}): Content => ({
  head: {
    at: "2026-11-21T10:02:00Z",
    beat: { at: "2026-11-21T02:59:30Z", sequence: 7 },
    version: "15.18",
    schema: "s1",
  },
  tables: [{ table: "a.b", rows: 10, problems: [] }],
  ...{ unchecked: [], indexes: 3 },
  ...change,
});

export const testDatabases = ({ databases }: RestoreWorld): readonly string[] =>
  [...databases.keys()].filter((name) => name.startsWith(TEST_PREFIX));
