import { instantMs, whyNoInstant } from "../operator/instant.ts";
import type { WindowWish } from "../operator/window-plan.ts";
import type { Span } from "../sla/books/month.ts";
import { parseDuration } from "../sla/duration.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { instanceIn } from "./instance-in.ts";
import { UserError } from "./user-error.ts";

/** Flags of whoever announces maintenance. */
export interface WindowFlags {
  readonly instance?: readonly string[];
  readonly plan?: string;
  readonly all?: true;
  readonly from?: string;
  readonly to?: string;
  readonly for?: string;
  readonly emergency?: true;
  readonly reason: string;
  /** False: `--no-failover`. */
  readonly failover: boolean;
}

const DAY_MS = 86_400_000;
/** What lasts longer, or lies further ahead, is a slip of the hand: customers would have it in their calendars. */
const LONGEST_DAYS = 31;
const FURTHEST_DAYS = 2 * 366;

/** Throws UserError where flags are missing, contradict each other or speak of a time that is past or out of all reason. */
export function windowAsked(flags: WindowFlags, fleet: Fleet, nowMs: number): WindowWish {
  const kind = flags.emergency ? "emergency" : "planned";
  const fromMs = beginOf(flags, fleet.provider.timezone, nowMs);
  const toMs = endAsked(flags, fleet.provider.timezone, fromMs);
  refuseUnreasonable({ fromMs, toMs }, flags, nowMs);
  if (toMs <= nowMs) {
    throw new UserError(
      `--to: ${iso(toMs)} is past, it is ${iso(nowMs)}: what nobody announced was downtime`,
    );
  }
  if (kind === "planned" && fromMs <= nowMs) {
    throw new UserError(
      `--from: ${iso(fromMs)} is past, it is ${iso(nowMs)}: what is planned is announced before; or is it an --emergency?`,
    );
  }
  const { reason, failover } = flags;
  return { kind, fromMs, toMs, reason, holdsFailovers: !failover, ...scopeOf(flags, fleet) };
}

function refuseUnreasonable({ fromMs, toMs }: Span, flags: WindowFlags, nowMs: number): void {
  if (toMs <= fromMs && flags.for !== undefined) {
    throw new UserError(`--for: '${flags.for}' is no time at all: say how long it lasts, like 1h`);
  }
  if (toMs <= fromMs) {
    throw new UserError(
      `--to: ${iso(toMs)} is not after the beginning, ${iso(fromMs)}; are they swapped?`,
    );
  }
  if (toMs - fromMs > LONGEST_DAYS * DAY_MS) {
    const end = flags.for === undefined ? "--to" : "--for";
    throw new UserError(
      `${end}: '${flags.for ?? flags.to}' is more than ${LONGEST_DAYS} days after the beginning; a window is hours, or some days`,
    );
  }
  if (fromMs > nowMs + FURTHEST_DAYS * DAY_MS) {
    throw new UserError(
      `--from: ${iso(fromMs)} is more than two years ahead, it is ${iso(nowMs)}: announce it nearer to its time`,
    );
  }
}

const iso = (ms: number) => new Date(ms).toISOString();

function beginOf({ from, emergency }: WindowFlags, timezone: string, nowMs: number): number {
  if (from !== undefined) return instantFlag("--from", from, timezone);
  if (emergency) return nowMs;
  throw new UserError("--from: say when it begins, like --from 2026-11-24T22:00:00+01:00");
}

function endAsked(flags: WindowFlags, timezone: string, fromMs: number): number {
  if ((flags.to === undefined) === (flags.for === undefined)) {
    throw new UserError("--to, --for: give one of them, like --to 2026-11-24T23:00:00+01:00");
  }
  if (flags.to !== undefined) return instantFlag("--to", flags.to, timezone);
  try {
    return fromMs + parseDuration(flags.for ?? "") * 1000;
  } catch (cause) {
    throw new UserError(`--for: ${(cause as Error).message}`, 2, { cause });
  }
}

function instantFlag(flag: string, text: string, timezone: string): number {
  const ms = instantMs(text);
  if (ms === undefined) throw new UserError(`${flag}: ${whyNoInstant(text, timezone)}`);
  return ms;
}

function scopeOf(
  { instance, plan, all }: WindowFlags,
  fleet: Fleet,
): { readonly scope: string; readonly instances: readonly Instance[] } {
  const given = [instance, plan, all].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new UserError("--instance, --plan, --all: say whom it concerns, with one of them");
  }
  if (all) return { scope: "fleet", instances: fleet.instances };
  if (plan !== undefined) return { scope: `plan ${plan}`, instances: ofPlan(fleet, plan) };
  const ids = [...new Set(instance)];
  const scope = `instance ${ids.join(", ")}`;
  return { scope, instances: ids.map((id) => instanceIn(fleet, id)) };
}

function ofPlan({ instances, plans }: Fleet, plan: string): readonly Instance[] {
  const own = instances.filter((each) => each.plan === plan);
  if (own.length > 0) return own;
  const known = Object.keys(plans).join(", ");
  throw new UserError(`--plan: no instance is sold '${plan}'; they are sold ${known}`);
}
