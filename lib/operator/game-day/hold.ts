import { keys } from "../../../functions/ledger/contract.ts";
import { UserError } from "../../cli/user-error.ts";
import { writeEverywhere } from "../everywhere.ts";
import type { StepLine } from "../step-lines.ts";
import { stopFailover } from "../stop-failover.ts";
import { Client } from "./client.ts";
import { cutOff, giveBack } from "./cut.ts";
import type { GameDayLook } from "./look.ts";
import { type GameDayBegun, type GameDayOutcome, type GameDayRecord, gameDayId } from "./record.ts";
import { foldersOf, type Sight, sightOf } from "./sight.ts";
import { recordOf } from "./verdict.ts";
import type { GameDayWorld } from "./world.ts";

/** What was sold, and for how long it may last: in plan seconds. */
export type Terms = Pick<GameDayLook, "instance" | "plan" | "boundSeconds" | "paced">;

export interface Holding {
  readonly terms: Terms;
  /** Ctrl-C: it is called off as soon as that is possible. */
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
  readonly tellStep: (line: StepLine) => void;
}

/** Plan seconds between two looks at what came of it. */
const LOOK_SECONDS = 3;
const LOOK_FLOOR_MS = 500;

/**
 * Cuts the primary off, looks on until clients are served again, and records it in every ledger. Called off at its bound, by the
 * signal, or where the failover halts: the primary then gets its clients back. Throws UserError if no ledger takes what has to be known.
 */
export async function holdGameDay(
  world: GameDayWorld,
  look: GameDayLook,
  reason: string,
  holding: Holding,
): Promise<GameDayRecord> {
  const { access } = world;
  const known = await foldersOf(access, look.roles);
  const begun = { ...begunNow(world, look, reason), known };
  const untold = await writeEverywhere(access, keyOf(begun, "begun"), begun);
  if (untold.length > 0) {
    throw new UserError(`${untold.join(", ")} took no note of it: nothing was changed`, 1);
  }
  const cutAt = access.clock.now().toISOString();
  return onwards({ world, holding, begun, cutAt }, () => cutOff(world, begun, holding));
}

/** The same from where somebody left it: whatever is cut off gets its clients back, unless somebody was promoted. */
export function endGameDay(
  world: GameDayWorld,
  begun: GameDayBegun,
  holding: Holding,
): Promise<GameDayRecord> {
  return onwards({ world, holding, begun, cutAt: begun.at }, () => {
    throw new UserError("a person gave it back", 1);
  });
}

const keyOf = ({ instance, id }: GameDayBegun, part: "begun" | "record") =>
  keys.gameDay(instance, id, part);

function begunNow({ access }: GameDayWorld, look: GameDayLook, reason: string) {
  const { instance, roles, primary, site, boundSeconds, paced } = look;
  if (typeof primary !== "object" || site?.gameDayGroup === undefined) {
    throw new RangeError(`${instance.id}: held without its catches`);
  }
  const now = access.clock.now();
  const at = now.toISOString();
  return {
    ...{ instance: instance.id, id: gameDayId(instance.id, at), at, by: access.caller, reason },
    ...{ epoch: roles.epoch, seat: roles.primary, groups: primary.groups, owner: roles.owner },
    group: site.gameDayGroup,
    until: new Date(now.getTime() + paced(boundSeconds)).toISOString(),
  };
}

interface Course {
  readonly world: GameDayWorld;
  readonly holding: Holding;
  readonly begun: GameDayBegun;
  readonly cutAt: string;
}

async function onwards(course: Course, cut: () => Promise<void>): Promise<GameDayRecord> {
  const { world, holding, begun, cutAt } = course;
  const client = new Client(world, holding.terms.instance);
  client.start();
  try {
    const end = await endOf(course, client, await attempt(cut));
    await client.stop();
    const at = world.access.clock.now();
    const ended = { begun, terms: holding.terms, cutAt, client: client.view(), ...end, at };
    const record = recordOf(ended);
    const untold = await writeEverywhere(world.access, keyOf(begun, "record"), record);
    for (const site of untold) holding.tell(`${site} does not answer, and has no record of it`);
    return record;
  } finally {
    await client.stop();
  }
}

interface End {
  readonly outcome: GameDayOutcome;
  readonly because?: string;
  readonly sight: Sight;
}

/** Whatever went wrong on the way, the primary is given back where that is possible. */
async function endOf(course: Course, client: Client, wrong: string | undefined): Promise<End> {
  const { world, holding, begun } = course;
  const { clock } = world.access;
  // Beyond its bound it lasts as long again: a failover that promotes is never cut short.
  const overMs = clock.now().getTime() + 2 * clock.paced(holding.terms.boundSeconds);
  let because = wrong;
  if (wrong !== undefined) holding.tell(`called off: ${wrong}`);
  for (;;) {
    const sight = await sightOf(world.access, begun).catch(() => UNSEEN);
    const nowMs = clock.now().getTime();
    because ??= whyCalledOff(course, sight, nowMs);
    const isBack = because !== undefined && (await calledOff(course, sight, because));
    const state = { isServed: client.isServed, isBack, isOver: nowMs > overMs };
    const outcome = outcomeOf(sight, state);
    if (outcome) return { outcome, sight, ...(because !== undefined && { because }) };
    await clock.wait(LOOK_SECONDS, LOOK_FLOOR_MS);
  }
}

interface State {
  readonly isServed: boolean;
  readonly isBack: boolean;
  readonly isOver: boolean;
}

function outcomeOf({ done }: Sight, { isServed, isBack, isOver }: State) {
  if (done && isServed) return "recovered";
  if (isBack && isServed) return "called-off";
  return isOver ? "unserved" : undefined;
}

/** What cannot be seen is not cut short: it may be at its promotion. */
const UNSEEN: Sight = { isPromoted: true };

/** Tells it, once: from then on it stays called off. */
function whyCalledOff(course: Course, sight: Sight, nowMs: number): string | undefined {
  const why = reasonIn(course, sight, nowMs);
  if (why !== undefined) course.holding.tell(`called off: ${why}`);
  return why;
}

function reasonIn({ begun, holding }: Course, { halted, done }: Sight, nowMs: number) {
  if (done) return undefined;
  if (holding.signal.aborted) return "a person called it off";
  if (halted) return `the failover halted: ${halted.code}`;
  return nowMs > Date.parse(begun.until) ? `nobody was promoted by ${begun.until}` : undefined;
}

/** Whether the primary has its clients again. From the promotion on nothing is taken back. */
async function calledOff(
  { world, holding, begun }: Course,
  { running, isPromoted }: Sight,
  because: string,
): Promise<boolean> {
  if (isPromoted) return false;
  try {
    if (running) {
      const reason = `game day: ${because}`;
      await stopFailover(world.access, begun.instance, running, reason, holding.tellStep);
      return false;
    }
    const back = await giveBack(world, begun);
    if (back === "given-back") holding.tell(`${begun.seat.database}: has its groups again`);
    return back === "as-before";
  } catch (cause) {
    holding.tell(`not given back yet: ${(cause as Error).message}`);
    return false;
  }
}

/** Why it is called off before it has begun in earnest. */
async function attempt(cut: () => Promise<void>): Promise<string | undefined> {
  try {
    await cut();
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}
