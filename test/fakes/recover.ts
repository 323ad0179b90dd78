import { FAILOVER_FUNCTIONS } from "../../functions/failover/contract.ts";
import { FENCE } from "../../functions/failover/fence-steps.ts";
import { FLIP } from "../../functions/failover/flip-steps.ts";
import { gate } from "../../functions/failover/gate.ts";
import type {
  Adopting,
  Kept,
  LogWindow,
  Recoveries,
  RestoreOrder,
} from "../../functions/failover/ports.ts";
import { RECORD } from "../../functions/failover/record-steps.ts";
import { RECOVER } from "../../functions/failover/recover-steps.ts";
import { type StepEvent, take } from "../../functions/failover/step.ts";
import type { Notice } from "../../functions/notify/contract.ts";
import {
  RECOVER_FUNCTION,
  type RecoverRequest,
  recoverExecution,
} from "../../functions/recover/contract.ts";
import type { SqlFailure } from "../../functions/sql/contract.ts";
import { recoverDefinition } from "../../lib/infra/recover-definition.ts";
import { backupId, type Listed, tagsOf } from "../../lib/sla/backups/catalogue.ts";
import type { Engine } from "../../lib/sla/engine.ts";
import { type Run, runLine } from "./asl-line.ts";
import { FakeDatabase } from "./failover-databases.ts";
import { CONTROL, FIRST_BAD, World } from "./failover-world.ts";

/** A backup of acme as a region lists it. */
export function backupOf(takenAt: string, tags: Listed["tags"] = {}): Listed {
  const tickMs = Date.parse(takenAt);
  return {
    ...{
      id: backupId("acme", tickMs),
      region: CONTROL,
      status: "available",
      isCopy: true,
      takenAt,
    },
    tags: { ...tagsOf({ instance: "acme", schedules: ["1d"], tickMs }), ...tags },
  };
}

/** The world of a failover, in which a region keeps backups that can be restored there. */
export class RecoverWorld extends World implements Kept, Recoveries {
  override site: string;
  listed: Listed[] = [backupOf("2026-11-21T09:58:00.000Z")];
  windows: LogWindow[] = [];
  readonly ordered: RestoreOrder[] = [];
  /** Why RDS will not restore. */
  refused: string | undefined;
  /** Looks until what is restored is available, and what it becomes. */
  looks = 3;
  becomes = "available";
  /** What the adopting function says, once for each attempt; then it succeeds. */
  readonly failures: SqlFailure[] = [];
  readonly missing: string[] = [];
  /** In whose words the adopting function was asked. */
  readonly adoptedAs: (Engine | undefined)[] = [];
  readonly #tags = new Map<string, RestoreOrder["tags"]>();
  #attempts = 0;

  constructor(site = CONTROL, engine?: Engine) {
    super({ ...(engine && { engine }) });
    this.site = site;
  }

  backups = async () => this.listed;
  logs = async () => this.windows;

  async describe(database: string) {
    const found = this.databases.all.get(`${this.site}/${database}`);
    if (!found) return undefined;
    if (found.status === "creating" && this.looks-- <= 0) found.status = this.becomes;
    return {
      status: found.status,
      endpoint: { host: found.host, port: 5432 },
      masterUsername: "postgres",
      tags: this.#tags.get(database) ?? {},
    };
  }

  async restore(order: RestoreOrder) {
    if (this.refused !== undefined) return { refused: this.refused };
    this.ordered.push(order);
    const host = `${order.database}.${this.site}.rds`;
    const made = new FakeDatabase(host, undefined, this.databases.engine);
    const beatAt = Date.parse(order.point.at);
    Object.assign(made, { status: "creating", groups: ["sg-clients"], sessions: 0, beatAt });
    this.databases.all.set(`${this.site}/${order.database}`, made);
    this.#tags.set(order.database, order.tags);
    return "accepted" as const;
  }

  async open(database: string) {
    return this.databases.all.has(`${this.site}/${database}`)
      ? ("accepted" as const)
      : ("gone" as const);
  }

  get restored() {
    return this.databases.all.get(`${this.site}/acme-db-slar1`);
  }

  wish(changes: Partial<RecoverRequest> = {}): RecoverRequest {
    return {
      ...{ instance: "acme", incident: "i1", epoch: 1, trigger: "person", reason: "two regions" },
      firstBadAt: FIRST_BAD,
      recovery: {},
      ...changes,
    };
  }

  /** Runs the synthesized machine to its end, where the site is. */
  async recover(request = this.wish()): Promise<Run> {
    this.#attempts += 1;
    const name = recoverExecution(request, new Date(this.#attempts));
    const execution = `arn:aws:states:${this.site}:111111111111:execution:sla-recover:${name}`;
    const invoke = async (fn: string, payload: unknown) => {
      const event = payload as StepEvent;
      await this.before(event.step);
      const first = await this.#taken(fn, event);
      return this.twice ? this.#taken(fn, event) : first;
    };
    const pause = async (seconds: number) => {
      await this.clock.wait(seconds);
      this.meanwhile(seconds);
    };
    const definition = recoverDefinition((fn) => fn);
    return runLine(definition, request, execution, { invoke, pause, wait: async () => false });
  }

  #taken(fn: string, event: StepEvent) {
    const { clock, fleet, databases, signpost, stopChecks, reprotects } = this;
    const here = { region: this.site, fleet, ledgers: this.ledgers.at, clock };
    const messenger = { notify: async (notice: Notice) => void this.notices.push(notice) };
    const executions = { isRunning: async (arn: string) => this.running.has(arn) };
    const vantages = { probe: this.probes };
    const sees = { registry: databases, sql: databases };
    const its = { kept: this, recoveries: this, adopting: this.#adopting };
    switch (fn) {
      case RECOVER_FUNCTION:
        return take(RECOVER, { ...here, ...sees, ...its, vantages, messenger, executions }, event);
      case FAILOVER_FUNCTIONS.fence:
        return take(FENCE, { ...here, ...sees, fence: databases }, event);
      case FAILOVER_FUNCTIONS.promote:
        return take({ gate }, { ...here, ...sees, standby: databases }, event);
      case FAILOVER_FUNCTIONS.flip:
        return take(FLIP, { ...here, signpost, oracle: signpost, vantages, stopChecks }, event);
      default:
        return take(RECORD, { ...here, messenger, reprotects }, event);
    }
  }

  readonly #adopting: Adopting = {
    ask: async ({ target, secrets }) => {
      this.adoptedAs.push(target.engine);
      const failure = this.failures.shift();
      if (failure) return { instance: target.instance, ok: false, failure };
      const value = { horizon: "650", given: [...secrets], missing: this.missing };
      return { instance: target.instance, ok: true, value };
    },
  };
}
