import type { Command } from "commander";
import type { Catch } from "../operator/game-day/catches.ts";
import type { Holding } from "../operator/game-day/hold.ts";
import type { GameDayRecord } from "../operator/game-day/record.ts";
import type { GameDayWorld } from "../operator/game-day/world.ts";
import { parseDuration } from "../sla/duration.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { pressCounter } from "./presses.ts";
import { hangingStep, say, sayAside } from "./say.ts";
import { UserError } from "./user-error.ts";

export interface GameDayFlags {
  readonly fleet?: string;
  readonly instance?: string;
  readonly reason?: string;
  readonly within?: number;
  readonly dryRun?: true;
  readonly giveBack?: true;
  readonly json?: true;
}

const FLAGS = ["aws", "fleet", "instance", "reason", "within", "dryRun", "giveBack", "json"];
/** Where nothing was sold that says how long it may last, plan seconds. */
const AN_HOUR = 3600;

/** Throws UserError that says what is allowed. */
export function parseWithin(text: string): number {
  try {
    return parseDuration(text);
  } catch (cause) {
    throw new UserError(`--within: ${(cause as Error).message}`, 2, { cause });
  }
}

/** Flags of a game day alone make no sense on the local cloud. Throws UserError. */
export function refuseGameDayFlags({ reason, within, dryRun, giveBack }: GameDayFlags): void {
  const given = Object.entries({ reason, within, "dry-run": dryRun, "give-back": giveBack });
  const [first] = given.flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (first !== undefined)
    throw new UserError(`--${first}: belongs to --aws; add it, or leave it out`);
}

/**
 * A disaster on purpose in the account itself. Sets the exit code: 0 recovered as sold, or given back as asked; 1 refused, called off or
 * not as sold. Throws UserError.
 */
export async function gameDay(flags: GameDayFlags, command: Command): Promise<void> {
  const { id, reason } = checked(flags, command);
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  // On the local cloud names of applications are known to its own DNS only.
  if (process.env["SLA_LOCAL_DNS"]) await import("../local-cloud/processes/network-layer.ts");
  const { gameDayWorld } = await import("../operator/game-day/now.ts");
  const world = await gameDayWorld(fleet, process.env);
  if (flags.giveBack) return giveBack(world, instance, flags);
  await hold(world, instance, { ...flags, reason });
}

/** Of a drill's flags those that mean something here. */
function checked(flags: GameDayFlags, command: Command) {
  const other = command.options
    .map((option) => option.attributeName())
    .find((name) => !FLAGS.includes(name) && command.getOptionValueSource(name) === "cli");
  if (other !== undefined) {
    throw new UserError(`--aws: takes no --${other}; that is for drills on the local cloud`);
  }
  const { instance: id, reason = "", giveBack: isBack } = flags;
  if (id === undefined) {
    throw new UserError("--aws: expected --instance ID, one with gameDay: true in the fleet file");
  }
  if (reason.trim() === "" && !isBack && !flags.dryRun) {
    throw new UserError("--aws: expected --reason TEXT; it stays as evidence");
  }
  return { id, reason };
}

async function hold(
  world: GameDayWorld,
  instance: Instance,
  flags: GameDayFlags & { readonly reason: string },
): Promise<void> {
  const [{ lookBefore }, { catchesOf, open }, { planOf }, lines] = await Promise.all([
    import("../operator/game-day/look.ts"),
    import("../operator/game-day/catches.ts"),
    import("../operator/consider.ts"),
    import("../operator/game-day/lines.ts"),
  ]);
  const bound = flags.within ?? boundOf(planOf(world.access, instance));
  // JSON has standard output to itself.
  const tell = flags.json ? sayAside : say;
  const look = async () => {
    const found = await lookBefore(world, instance, bound);
    return { found, catches: catchesOf(found) };
  };
  const refused = (catches: readonly Catch[]) => {
    if (open(catches).length === 0) return false;
    tell(...lines.catchLines(open(catches)), lines.refusalLine(catches));
    process.exitCode = 1;
    return true;
  };
  const first = await look();
  tell(`${instance.id}: a game day in account ${world.access.fleet.provider.account}`, "");
  tell(...lines.planLines(first.found), "", ...lines.catchLines(first.catches), "");
  if (refused(first.catches)) return;
  if (flags.dryRun) return tell("Nothing is changed, and nothing known stands in its way.");
  const { typedName } = await import("./typed-name.ts");
  await typedName(`Type the name of the instance to cut its primary off: `, instance.id);
  // A person may have thought for an hour.
  const again = await look();
  if (refused(again.catches)) return;
  const { holdGameDay } = await import("../operator/game-day/hold.ts");
  const { primary: seat } = again.found.roles;
  const left = { instance: instance.id, seat, group: again.found.site?.gameDayGroup ?? "" };
  const record = await stoppable(tell, lines.leftLines(left), (holding) =>
    holdGameDay(world, again.found, flags.reason, { ...holding, terms: again.found }),
  );
  finish(record, lines.recordLines(record), flags);
  if (!record.ok) process.exitCode = 1;
}

const boundOf = ({ serverLoss, siteLoss }: Plan) => (serverLoss ?? siteLoss)?.rtoSeconds ?? AN_HOUR;

async function giveBack(
  world: GameDayWorld,
  instance: Instance,
  flags: GameDayFlags,
): Promise<void> {
  const [{ unendedGameDay }, { endGameDay }, { planOf }, lines] = await Promise.all([
    import("../operator/game-day/now.ts"),
    import("../operator/game-day/hold.ts"),
    import("../operator/consider.ts"),
    import("../operator/game-day/lines.ts"),
  ]);
  const { access } = world;
  const begun = await unendedGameDay(access, instance);
  const plan = planOf(access, instance);
  const tell = flags.json ? sayAside : say;
  const paced = (seconds: number) => access.clock.paced(seconds);
  const terms = { instance, plan, boundSeconds: flags.within ?? boundOf(plan), paced };
  const record = await stoppable(tell, lines.leftLines(begun), (holding) =>
    endGameDay(world, begun, { ...holding, terms }),
  );
  finish(record, lines.recordLines(record), flags);
  if (record.outcome === "unserved") process.exitCode = 1;
}

function finish(record: GameDayRecord, lines: readonly string[], { json }: GameDayFlags): void {
  if (json) console.log(JSON.stringify(record));
  else say(...lines);
}

const INTERRUPTED = 130;

/** The first Ctrl-C calls it off, the second leaves it as it is and says how that is. */
async function stoppable(
  tell: (...lines: readonly string[]) => void,
  left: readonly string[],
  hold: (holding: Omit<Holding, "terms">) => Promise<GameDayRecord>,
): Promise<GameDayRecord> {
  const controller = new AbortController();
  const pressed = pressCounter(() => performance.now());
  const onSignal = () => {
    if (pressed() > 1) {
      tell("", ...left);
      process.exit(INTERRUPTED);
    }
    if (controller.signal.aborted) return;
    tell("Ctrl-C: it is called off; once more leaves it as it is");
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await hold({
      signal: controller.signal,
      tell: (line) => tell(`  ${line}`),
      tellStep: (line) => tell(...hangingStep(line)),
    });
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
