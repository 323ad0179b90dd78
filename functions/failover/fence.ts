import type { Instance } from "../../lib/sla/fleet.ts";
import { keys } from "../ledger/contract.ts";
import type { Severed } from "../sql/contract.ts";
import type { Fenced, FenceOutcome, Fit } from "./case.ts";
import { owe } from "./debt.ts";
import { halt, isSilence, isUnreachable } from "./errors.ts";
import { admitsOnly, type FenceIntent, hasOnly } from "./fence-groups.ts";
import { awaited, type Sight, WINDOW_SECONDS, watchFor } from "./poll.ts";
import type { Taken } from "./step.ts";
import { sqlTarget } from "./targets.ts";
import { type FenceWorld, instanceOf } from "./world.ts";

/** Sees to it that the old primary acknowledges no more writes, or owes that as a debt. */
export async function fence(world: FenceWorld, fit: Fit): Promise<Taken<Fenced>> {
  const instance = instanceOf(world, fit.request.instance);
  const lost = await regionLost(world, fit);
  const outcome: FenceOutcome = lost
    ? { kind: "debt", because: `region unreachable: ${lost}` }
    : await isolate(world, fit, instance);
  if (outcome.kind === "debt") await oweFence(world, fit, outcome.because);
  return { next: { ...fit, fence: outcome }, detail: words(outcome) };
}

/** Why the region counts as lost: a whole window without one answer. One that stumbles is asked again. */
async function regionLost({ clock, registry }: FenceWorld, fit: Fit): Promise<string | undefined> {
  const look = async (): Promise<Sight<true>> => {
    try {
      await registry.describe(fit.before.primary);
      return { seen: true };
    } catch (cause) {
      if (!isUnreachable(cause)) throw cause;
      return { missing: (cause as Error).message };
    }
  };
  const sight = await watchFor(clock, { seconds: WINDOW_SECONDS }, look);
  return "missing" in sight ? sight.missing : undefined;
}

async function isolate(world: FenceWorld, fit: Fit, instance: Instance): Promise<FenceOutcome> {
  const seat = fit.before.primary;
  const quarantine = [world.fleet.sites[seat.region]?.quarantineGroup ?? ""];
  const state = await world.registry.describe(seat);
  if (!state) return { kind: "gone" };
  await rememberGroups(world, fit, {
    groups: state.groups.map(({ id }) => id),
    ours: !hasOnly(state, quarantine),
  });
  switch (await admitsOnly(world, seat, quarantine)) {
    case "gone":
      return { kind: "gone" };
    case "wrong-state":
      return await refused(world, fit, instance, "RDS refuses a change of its network");
    case "accepted":
      return await emptied(world, fit, instance, quarantine);
  }
}

/**
 * First the quarantine is in force, then sessions end: a pool that was cut off before is back at once, on
 * a connection that no group ends any more.
 */
async function emptied(
  world: FenceWorld,
  fit: Fit,
  instance: Instance,
  quarantine: readonly string[],
): Promise<FenceOutcome> {
  const seat = fit.before.primary;
  await inForce(world, fit, quarantine);
  const first = await sever(world, fit, instance);
  const isEmpty = first.kind === "severed" && first.left === 0;
  const needsReboot = !isEmpty && first.kind !== "silent";
  if (needsReboot) {
    const reboot = await world.fence.reboot(seat);
    if (reboot === "gone") return { kind: "gone" };
    if (reboot === "wrong-state") {
      return await refused(world, fit, instance, "sessions are left and it cannot be rebooted");
    }
    const after = await watchFor(world.clock, { seconds: WINDOW_SECONDS }, () =>
      noSessions(world, fit, instance),
    );
    if ("missing" in after) return { kind: "debt", because: after.missing };
  }
  const ended = first.kind === "severed" ? first.ended : 0;
  return { kind: "quarantined", ended, rebooted: needsReboot };
}

const inForce = ({ clock, registry }: FenceWorld, fit: Fit, quarantine: readonly string[]) =>
  awaited<true>(clock, async () => {
    const state = await registry.describe(fit.before.primary);
    return !state || hasOnly(state, quarantine)
      ? { seen: true }
      : { missing: `${fit.before.primary.database}: quarantine is not active yet` };
  });

type Cut =
  | ({ readonly kind: "severed" } & Severed)
  /** Nothing answers there: nobody can be connected. */
  | { readonly kind: "silent" }
  | { readonly kind: "unsure"; readonly because: string };

/** RDS has just told the name: who cannot resolve it has asked nobody. */
const UNRESOLVED = /^(ENOTFOUND|EAI_AGAIN)$/;

async function sever(world: FenceWorld, fit: Fit, instance: Instance): Promise<Cut> {
  const seat = fit.before.primary;
  const state = await world.registry.describe(seat);
  const target = state && sqlTarget(instance, state);
  if (!target) return { kind: "silent" };
  try {
    const request = { operation: "sever", targets: [target] } as const;
    const result = await world.sql.ask<Severed>(seat.region, request);
    if (result.ok) return { kind: "severed", ...result.value };
    const { kind, code = "", message } = result.failure;
    return kind === "unreachable" && !UNRESOLVED.test(code)
      ? { kind: "silent" }
      : { kind: "unsure", because: `${kind}: ${message}` };
  } catch (cause) {
    // The API of the region answered a moment ago: then only the function is lost, and a reboot severs.
    if (!isSilence(cause)) throw cause;
    return { kind: "unsure", because: (cause as Error).message };
  }
}

async function noSessions(world: FenceWorld, fit: Fit, instance: Instance): Promise<Sight<true>> {
  const cut = await sever(world, fit, instance);
  if (cut.kind === "silent" || (cut.kind === "severed" && cut.left === 0)) return { seen: true };
  const what = cut.kind === "severed" ? `${cut.left} sessions are left` : cut.because;
  return { missing: `rebooted, but ${what}` };
}

/** Without a fence it goes on only if nothing could acknowledge a write. */
async function refused(
  world: FenceWorld,
  fit: Fit,
  instance: Instance,
  because: string,
): Promise<FenceOutcome> {
  const cut = await sever(world, fit, instance);
  const { database, region } = fit.before.primary;
  if (cut.kind !== "silent") {
    halt("HaltFenceRefused", `${database} in ${region} still answers and ${because}`);
  }
  return { kind: "debt", because: `nothing answers, and ${because}` };
}

/** Kept before anything changes: who takes the fence off again must know what was there. */
const rememberGroups = ({ ledgers, region }: FenceWorld, fit: Fit, intent: FenceIntent) =>
  ledgers(region).create(keys.failover(fit.request.instance, fit.id, "fence"), intent);

function oweFence({ ledgers, region, fleet, clock }: FenceWorld, fit: Fit, because: string) {
  const { primary } = fit.before;
  const quarantineGroup = fleet.sites[primary.region]?.quarantineGroup;
  // From both sides: whichever of them can reach the region first pays.
  const places = new Set([region, primary.region, fleet.control]);
  return owe([...places].map(ledgers), {
    state: "owed",
    kind: "fence",
    instance: fit.request.instance,
    region: primary.region,
    database: primary.database,
    ...(quarantineGroup && { quarantineGroup }),
    because,
    since: clock.now().toISOString(),
    execution: fit.execution,
    epoch: fit.before.epoch,
  });
}

function words(outcome: FenceOutcome): string {
  switch (outcome.kind) {
    case "quarantined":
      return `fenced: quarantined, ${outcome.ended} sessions ended${outcome.rebooted ? ", rebooted" : ""}`;
    case "gone":
      return "fenced: the database is gone";
    case "debt":
      return `debt: ${outcome.because}`;
    default:
      return outcome satisfies never;
  }
}
