import type { Instance } from "../../lib/sla/fleet.ts";
import { keys } from "../ledger/contract.ts";
import type { Severed } from "../sql/contract.ts";
import type { Fenced, FenceOutcome, Fit } from "./case.ts";
import { owe } from "./debt.ts";
import { halt, isUnreachable } from "./errors.ts";
import { admitsOnly, type FenceIntent, hasOnly } from "./fence-groups.ts";
import { awaited, type Sight, WINDOW_SECONDS, watchFor } from "./poll.ts";
import type { Taken } from "./step.ts";
import { sqlTarget } from "./targets.ts";
import { type FenceWorld, instanceOf } from "./world.ts";

/** Sees to it that the old primary acknowledges no more writes, or owes that as a debt. */
export async function fence(world: FenceWorld, fit: Fit): Promise<Taken<Fenced>> {
  const instance = instanceOf(world, fit.request.instance);
  const outcome = await isolate(world, fit, instance).catch((cause): FenceOutcome => {
    if (!isUnreachable(cause)) throw cause;
    return { kind: "debt", because: `region unreachable: ${(cause as Error).message}` };
  });
  if (outcome.kind === "debt") await oweFence(world, fit, outcome.because);
  return { next: { ...fit, fence: outcome }, detail: words(outcome) };
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
      return await refused(world, fit, instance, "its status refuses a change of its network");
    case "accepted":
      return await emptied(world, fit, instance, quarantine);
  }
}

/** New connections are refused now; those that were open before have to end too. */
async function emptied(
  world: FenceWorld,
  fit: Fit,
  instance: Instance,
  quarantine: readonly string[],
): Promise<FenceOutcome> {
  const seat = fit.before.primary;
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
  await awaited(world.clock, async () => {
    const state = await world.registry.describe(seat);
    return !state || hasOnly(state, quarantine)
      ? { seen: true }
      : { missing: `${seat.database}: quarantine is not active yet` };
  });
  const ended = first.kind === "severed" ? first.ended : 0;
  return { kind: "quarantined", ended, rebooted: needsReboot };
}

type Cut =
  | ({ readonly kind: "severed" } & Severed)
  /** Nothing answers there: nobody can be connected. */
  | { readonly kind: "silent" }
  | { readonly kind: "unsure"; readonly because: string };

async function sever(world: FenceWorld, fit: Fit, instance: Instance): Promise<Cut> {
  const seat = fit.before.primary;
  const state = await world.registry.describe(seat);
  const target = state && sqlTarget(instance, state);
  if (!target) return { kind: "silent" };
  try {
    const request = { operation: "sever", targets: [target] } as const;
    const result = await world.sql.ask<Severed>(seat.region, request);
    if (result.ok) return { kind: "severed", ...result.value };
    return result.failure.kind === "unreachable"
      ? { kind: "silent" }
      : { kind: "unsure", because: `${result.failure.kind}: ${result.failure.message}` };
  } catch (cause) {
    // The API of the region answered a moment ago: then only the function is lost, and a reboot severs.
    if (!isUnreachable(cause)) throw cause;
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
