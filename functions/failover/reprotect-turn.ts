import { rtoSecondsOf } from "../../lib/sla/region-incident.ts";
import {
  askTurn,
  NO_TURNS,
  REPLICAS_AT_ONCE,
  type Turns,
  withoutTurns,
} from "../../lib/sla/turns.ts";
import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import { notYet } from "./errors.ts";
import type { Planned, ReprotectBegun } from "./reprotect-case.ts";
import type { AssessWorld, Here } from "./world.ts";

/** Plan seconds without a question after which somebody has left the queue: it asks every five minutes. */
const PATIENCE_SECONDS = 1200;
/** Plan seconds after which a builder is asked whether it still runs: a large database takes hours. */
const LEASE_SECONDS = 6 * 3600;

/**
 * Waits until it is this instance's turn. All instances of a region that comes back want a replica in the same
 * minute, and RDS copies so many at once and not one more.
 */
export async function awaitTurn(world: AssessWorld, planned: Planned): Promise<void> {
  const { seat, request, execution } = planned;
  const ledger = world.ledgers(world.region);
  const key = keys.turns(seat.region);
  const gone = await deadBuilders(world, (await ledger.read<Turns>(key))?.value ?? NO_TURNS);
  const rtoSeconds = rtoSecondsOf(world.fleet, request.instance);
  const rules = {
    now: world.clock.now().toISOString(),
    patienceMs: world.clock.paced(PATIENCE_SECONDS),
  };
  let ahead = 0;
  await rewrite<Turns>(ledger, key, (found = NO_TURNS) => {
    const asker = { instance: request.instance, by: execution, rtoSeconds };
    const given = askTurn(withoutTurns(found, gone), asker, rules);
    ahead = given.ahead;
    return given.turns;
  });
  if (ahead === 0) return;
  notYet(`${REPLICAS_AT_ONCE} standbys are built in ${seat.region} at once: ${ahead} go first`);
}

async function deadBuilders(
  { clock, executions }: AssessWorld,
  { building }: Turns,
): Promise<ReadonlySet<string>> {
  const old = building.filter(
    ({ askedAt }) => clock.now().getTime() - Date.parse(askedAt) > clock.paced(LEASE_SECONDS),
  );
  const dead = await Promise.all(
    old.map(async ({ by }) => ((await executions.isRunning(by)) ? [] : [by])),
  );
  return new Set(dead.flat());
}

/** Makes room for the next, whether it builds, waits or has done neither. */
export async function endTurn(
  { ledgers, region }: Here,
  { execution, seat }: ReprotectBegun & Partial<Pick<Planned, "seat">>,
): Promise<void> {
  if (!seat) return;
  await rewrite<Turns>(ledgers(region), keys.turns(seat.region), (found) => {
    const isIn = [found?.building, found?.waiting].some((all) =>
      all?.some(({ by }) => by === execution),
    );
    return found && isIn ? withoutTurns(found, new Set([execution])) : undefined;
  });
}
