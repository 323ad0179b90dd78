import { type Direction, flagIdOf, stopFlags } from "../../lib/sla/cells.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import type { Flag } from "../flag/contract.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import type { Seated } from "./case.ts";
import { halt } from "./errors.ts";
import { type OwedRecords, oweRecords } from "./owe-records.ts";
import type { FlipWorld } from "./world.ts";

/**
 * Moves DNS without the API of Route 53, which lives in one region of the world: the STOP flag of this site is
 * raised, the health check of the PRIMARY record sees it and SECONDARY answers. Writing both records stays
 * owed: until then a flag that nobody answers for would lead clients back. The flag of a cell is raised when nobody is
 * left whom it would lead to a standby; until then the step waits for the API. Answers the flag's id.
 */
export async function raise(
  world: FlipWorld,
  seated: Seated,
  instance: Instance,
  because: string,
): Promise<string> {
  const { ledgers, region, clock } = world;
  const since = clock.now().toISOString();
  const self = { instance: instance.id, epoch: seated.roles.epoch, because, since };
  const owe = (owed: readonly OwedRecords[]) => oweRecords(world, seated, owed);
  const { direction, id } = wayOf(seated, instance);
  if (!(await ledgers(region).read<Flag>(keys.flag(id)))) {
    await owe([{ ...self, flag: "none" }]);
    const message = `${instance.id}: no STOP flag in ${region}, and ${because}`;
    return instance.dns.stop === "own" ? halt("HaltRecords", message) : waits(message);
  }
  const { led, behind } = await cellOf(world, instance, id, direction);
  if (behind.length > 0) {
    await owe([{ ...self, flag: "none" }]);
    const members = behind.slice(0, 5).join(", ");
    return waits(`${because}; the flag ${id} would lead ${members} to a standby`);
  }
  // Owed first: who lowers the flag looks for debts after having read it, and writes over what was read only.
  const flag = { id, site: region };
  const epochs = new Map([...led, [self.instance, self.epoch]]);
  await owe([...epochs].map(([member, epoch]) => ({ ...self, instance: member, epoch, flag })));
  await rewrite<Flag>(ledgers(region), keys.flag(id), (found) =>
    found && (found.state !== "raised" || found.by !== seated.execution)
      ? { ...found, state: "raised", since, by: seated.execution }
      : undefined,
  );
  return id;
}

function wayOf({ before }: Seated, instance: Instance) {
  const direction = { primary: before.primary.region, standby: before.standby.region };
  return { direction, id: flagIdOf(instance, direction) };
}

/** Asked again by the machine: the API may answer, or the others may be promoted. */
const waits = (message: string): never => {
  throw new SlaError("CloudUnreachable", "cloud", message);
};

interface Cell {
  /** Members that are promoted and whose records still are as they were, with the epoch of their roles. */
  readonly led: readonly (readonly [instance: string, epoch: number])[];
  /** Members whose primary is where it was. */
  readonly behind: readonly string[];
}

/** By this site's ledger: it owned them all when they failed over, so it was told first. */
async function cellOf(
  { fleet, ledgers, region }: FlipWorld,
  instance: Instance,
  id: string,
  direction: Direction,
): Promise<Cell> {
  if (instance.dns.stop === "own") return { led: [], behind: [] };
  const flag = stopFlags(fleet).find((each) => each.id === id && each.site === region);
  const led: [string, number][] = [];
  const behind: string[] = [];
  for (const member of flag?.members ?? []) {
    const roles = (await ledgers(region).read<Roles>(keys.roles(member)))?.value;
    // Nobody looks after one that has left: where its records lead must not hold the others at a dead primary.
    if (roles?.leftAt !== undefined) continue;
    if (!roles || roles.primary.region === direction.primary) behind.push(member);
    // One that has a standby again carries the check of another direction.
    else if (!roles.standby) led.push([member, roles.epoch]);
  }
  return { led, behind };
}
