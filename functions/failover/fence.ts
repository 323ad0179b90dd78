import type { Instance } from "../../lib/sla/fleet.ts";
import { keys } from "../ledger/contract.ts";
import type { Fenced, FenceOutcome, Fit } from "./case.ts";
import { countedBefore } from "./counted.ts";
import { keepFence, owe } from "./debt.ts";
import { halt, isUnreachable } from "./errors.ts";
import { type FenceIntent, hasOnly } from "./fence-groups.ts";
import { paidWords } from "./fence-words.ts";
import { isSecondaryOf } from "./global.ts";
import { answers, isolate, type OldPrimary, sever } from "./isolate.ts";
import { staysIn } from "./members.ts";
import { isPlanned, isSwitchover } from "./planned.ts";
import { type Sight, WINDOW_SECONDS, watchFor } from "./poll.ts";
import type { Taken } from "./step.ts";
import { type FenceWorld, instanceOf } from "./world.ts";

/** Sees to it that the old primary acknowledges no more writes, or owes that as a debt. */
export async function fence(world: FenceWorld, fit: Fit): Promise<Taken<Fenced>> {
  const instance = instanceOf(world, fit.request.instance);
  const left = leftToRds(instance, fit);
  if (left) return { next: { ...fit, fence: left }, detail: words(left) };
  const lost = await regionLost(world, fit);
  const outcome: FenceOutcome = lost
    ? { kind: "debt", because: `region unreachable: ${lost}` }
    : await isolated(world, fit, instance);
  if (isPlanned(fit.request)) refuseUnfenced(fit, outcome);
  if (outcome.kind === "debt") await oweFence(world, fit, outcome.because);
  if (outcome.kind !== "debt") await keepSet(world, fit, outcome);
  return { next: { ...fit, fence: outcome }, detail: words(outcome) };
}

/** RDS itself sees to it that nobody else writes. */
function leftToRds(instance: Instance, { request, before }: Fit): FenceOutcome | undefined {
  if (staysIn(before)) return { kind: "one writer" };
  return isSwitchover(instance, request) ? { kind: "switchover" } : undefined;
}

/** A plan has no place for debts: what nobody can ask loses nobody knows what. */
function refuseUnfenced({ before: { primary } }: Fit, outcome: FenceOutcome): void {
  if (outcome.kind === "quarantined" && !outcome.unsevered) return;
  halt(
    "HaltDown",
    `${primary.database} in ${primary.region} was lost meanwhile: ${words(outcome)}`,
  );
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

async function isolated(world: FenceWorld, fit: Fit, instance: Instance): Promise<FenceOutcome> {
  const seat = fit.before.primary;
  const quarantine = [world.fleet.sites[seat.region]?.quarantineGroup ?? ""];
  const state = await world.registry.describe(seat);
  if (!state) return { kind: "gone" };
  if (isSecondaryOf(world.fleet, fit.before.standby, state)) return { kind: "follows" };
  const { answered = false } = await remembered(world, fit, {
    groups: state.groups.map(({ id }) => id),
    ours: !hasOnly(state, quarantine),
    answered: await answers(world, { instance, seat }),
  });
  const old = { instance, seat, quarantine, answered };
  const isolation = await isolate(world, old);
  return isolation.kind === "refused" ? await refused(world, old, isolation.because) : isolation;
}

/** Without a fence it goes on only if nothing could acknowledge a write. */
async function refused(world: FenceWorld, old: OldPrimary, because: string): Promise<FenceOutcome> {
  const cut = await sever(world, old);
  const { database, region } = old.seat;
  if (cut.kind !== "silent" && cut.kind !== "closed") {
    halt("HaltFenceRefused", `${database} in ${region} still answers and ${because}`);
  }
  return { kind: "debt", because: `nothing answers, and ${because}` };
}

/** Kept before anything changes: who takes the fence off again must know what was there. What was kept first stays. */
async function remembered(
  { ledgers, region }: FenceWorld,
  fit: Fit,
  intent: FenceIntent,
): Promise<FenceIntent> {
  const ledger = ledgers(region);
  const key = keys.failover(fit.request.instance, fit.id, "fence");
  if (await ledger.create(key, intent)) return intent;
  return (await ledger.read<FenceIntent>(key))?.value ?? intent;
}

const oweFence = async (world: FenceWorld, fit: Fit, because: string) =>
  owe(placesOf(world, fit), { ...(await debtOf(world, fit)), state: "owed", because });

/** Groups can be changed by anybody with the right to, and a plan of somebody's infrastructure sets them back. */
async function keepSet(world: FenceWorld, fit: Fit, outcome: FenceOutcome) {
  const debt = await debtOf(world, fit);
  const isOpen = outcome.kind === "quarantined" && outcome.unsevered === true;
  return keepFence(placesOf(world, fit), {
    ...debt,
    ...{ state: "paid", because: "replaced", paidAt: debt.since, lookedAt: debt.since },
    ...{ by: world.region, found: words(outcome) },
    ...(isOpen && { unsevered: true as const }),
  });
}

/** From both sides: whichever of them can reach the region first pays. */
const placesOf = ({ ledgers, region, fleet }: FenceWorld, { before: { primary } }: Fit) =>
  [...new Set([region, primary.region, fleet.control])].map(ledgers);

async function debtOf(world: FenceWorld, fit: Fit) {
  const { primary } = fit.before;
  const counted = await countedBefore(world, fit.request.instance, fit.before.epoch);
  return {
    kind: "fence",
    instance: fit.request.instance,
    incident: fit.request.incident,
    region: primary.region,
    database: primary.database,
    ...horizonOf(fit),
    ...(counted && { counted }),
    since: world.clock.now().toISOString(),
    execution: fit.execution,
    failover: fit.id,
    epoch: fit.before.epoch,
  } as const;
}

/** Read on the standby after the primary fell silent, so nothing below it is missing there. */
function horizonOf({ evidence: { standby } }: Fit) {
  const horizon = standby.answered ? standby.reading.horizon : undefined;
  return horizon === undefined ? {} : { horizon };
}

const words = (outcome: FenceOutcome): string =>
  outcome.kind === "debt" ? `debt: ${outcome.because}` : `fenced: ${paidWords(outcome)}`;
