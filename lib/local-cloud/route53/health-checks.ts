import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type {
  HealthCheckConfig,
  HealthCheck as HealthCheckShape,
  UpdateHealthCheckCommandInput,
} from "@aws-sdk/client-route-53";
import type { EventLog } from "../event-log.ts";
import type { Pace } from "../pace.ts";
import { AwsError } from "../wire/service.ts";
import { HealthCheck } from "./health-check.ts";
import { poll } from "./health-poll.ts";

interface Options {
  readonly log: EventLog;
  readonly pace: Pace;
  readonly addressOf: (name: string) => string | undefined;
}

/** A laptop does not answer faster because ten seconds take a sixth of one. */
const POLL_FLOOR_MS = 250;
const DEFAULT_INTERVAL_SECONDS = 30;

/** Of an account: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html */
export const GRANTED_CHECKS = 200;

/** The health checks of the account; endpoint checks really poll, from one place instead of eight regions. */
export class HealthChecks {
  readonly #options: Options;
  readonly #checks = new Map<string, HealthCheck>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** References of checks that are gone: Route 53 takes none of them again. */
  readonly #deleted = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
  }

  has(id: string): boolean {
    return this.#checks.has(id);
  }

  all(): HealthCheck[] {
    return [...this.#checks.values()];
  }

  /** Throws `NoSuchHealthCheck`. */
  get(id: string | undefined): HealthCheck {
    const check = this.#checks.get(id ?? "");
    if (check) return check;
    throw new AwsError(
      "NoSuchHealthCheck",
      `No health check exists with the specified ID: ${id}`,
      404,
    );
  }

  /** What records see. A check that was deleted no longer makes its records unhealthy. */
  isHealthy(id: string): boolean {
    const check = this.#checks.get(id);
    return check?.isHealthy((child) => this.isHealthy(child)) ?? true;
  }

  /** The one that is there, if it was asked for in the same words. Throws `HealthCheckAlreadyExists`, `TooManyHealthChecks`. */
  create(callerReference: string, config: HealthCheckConfig): HealthCheck {
    const same = this.all().find(({ shape }) => shape.CallerReference === callerReference);
    if (same && isDeepStrictEqual(same.config, config)) return same;
    if (same || this.#deleted.has(callerReference)) {
      throw new AwsError(
        "HealthCheckAlreadyExists",
        `A health check with the caller reference ${callerReference} has already been created.`,
        409,
      );
    }
    if (this.#checks.size >= GRANTED_CHECKS) {
      throw new AwsError(
        "TooManyHealthChecks",
        `The account has ${GRANTED_CHECKS} health checks, as many as it may have.`,
        400,
      );
    }
    return this.#start({
      Id: randomUUID(),
      CallerReference: callerReference,
      HealthCheckConfig: config,
      HealthCheckVersion: 1,
    });
  }

  update({ HealthCheckId, HealthCheckVersion, ...changed }: UpdateHealthCheckCommandInput) {
    const { shape } = this.get(HealthCheckId);
    if (HealthCheckVersion !== undefined && HealthCheckVersion !== shape.HealthCheckVersion) {
      throw new AwsError(
        "HealthCheckVersionMismatch",
        `The health check is at version ${shape.HealthCheckVersion}, not ${HealthCheckVersion}.`,
        409,
      );
    }
    const given = Object.entries(changed).filter(([, value]) => value !== undefined);
    return this.#start({
      ...shape,
      HealthCheckConfig: { ...shape.HealthCheckConfig, ...Object.fromEntries(given) },
      HealthCheckVersion: (shape.HealthCheckVersion ?? 0) + 1,
    } as HealthCheckShape);
  }

  delete(id: string | undefined): void {
    const { shape } = this.get(id);
    this.#deleted.add(shape.CallerReference ?? "");
    clearTimeout(this.#timers.get(shape.Id ?? ""));
    this.#timers.delete(shape.Id ?? "");
    this.#checks.delete(shape.Id ?? "");
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #start(shape: HealthCheckShape): HealthCheck {
    const id = shape.Id ?? "";
    const check = new HealthCheck(shape);
    clearTimeout(this.#timers.get(id));
    this.#checks.set(id, check);
    if (check.isPolled) this.#schedule(id, check);
    return check;
  }

  /** The next look begins an interval after the last one has ended, so that none overtakes another. */
  #schedule(id: string, check: HealthCheck): void {
    const { RequestInterval = DEFAULT_INTERVAL_SECONDS } = check.config;
    const waitMs = this.#options.pace.ms(RequestInterval, POLL_FLOOR_MS);
    const look = async () => {
      await this.#look(id, check);
      if (this.#timers.get(id) === timer) this.#schedule(id, check);
    };
    const timer = setTimeout(() => void look(), waitMs).unref();
    this.#timers.set(id, timer);
  }

  async #look(id: string, check: HealthCheck): Promise<void> {
    const { pace, addressOf, log } = this.#options;
    const before = this.isHealthy(id);
    check.observe(await poll(check.config, addressOf, pace));
    const healthy = this.isHealthy(id);
    if (healthy === before) return;
    const detail = { healthCheck: id, healthy, reason: check.status };
    log.record({ service: "route53", region: "aws-global", operation: "HealthChanged", detail });
  }
}
