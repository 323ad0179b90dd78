import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import type { Access } from "../operator/access.ts";
import { planJson } from "../operator/window-json.ts";
import { parseReason } from "../operator/wish.ts";
import type { Fleet } from "../sla/fleet.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say } from "./say.ts";
import { type WindowFlags, windowAsked } from "./window-asked.ts";

interface CommonFlags {
  readonly fleet?: string;
  readonly json?: true;
}

type AddFlags = CommonFlags & WindowFlags & { readonly yes?: true };

interface ListFlags extends CommonFlags {
  readonly instance?: string;
  readonly all?: true;
}

type CancelFlags = CommonFlags & { readonly reason: string };

const FLEET = ["--fleet <file>", "fleet file (default: fleet.yaml, else the example)"] as const;
const JSON_TOO = ["--json", "print one JSON object instead of lines"] as const;

export function register(program: Command): void {
  const maintenance = program
    .command("maintenance")
    .description("announce windows of maintenance: by mail, in the ledger, in the books");
  maintenance
    .command("add")
    .description("announce one to its instances' contacts; without --yes only say what it means")
    .option("--instance <ids...>", "it concerns these")
    .option("--plan <name>", "or the instances of this plan")
    .option("--all", "or the whole fleet")
    .option("--from <instant>", "when it begins (default with --emergency: now)")
    .option("--to <instant>", "when it ends; what lasts longer is downtime")
    .option("--for <duration>", "or how long it lasts, like 45m")
    .option("--emergency", "it could not be planned; whether it counts, the plan says")
    .option("--no-failover", "hold back automatic failovers while the home region answers")
    .requiredOption("--reason <text>", "what is done; customers read it", parseReason)
    .option("--yes", "announce it")
    .option(...FLEET)
    .option(...JSON_TOO)
    .action(add);
  maintenance
    .command("list")
    .description("what is announced, under way and was in the last 31 days")
    .option("--instance <id>", "of this one only")
    .option("--all", "also what is longer past")
    .option(...FLEET)
    .option(...JSON_TOO)
    .action(list);
  maintenance
    .command("cancel")
    .description("it does not take place; or, once it has begun, it is over now")
    .argument("<window>", "its id")
    .requiredOption("--reason <text>", "why; customers read it", parseReason)
    .option(...FLEET)
    .option(...JSON_TOO)
    .action(cancel);
  maintenance
    .command("tell")
    .description("tell ledgers and contacts that could not be told when it was announced")
    .argument("<window>", "its id")
    .option(...FLEET)
    .option(...JSON_TOO)
    .action(tell);
}

/** Throws UserError. Exit 1: announced, but not everybody could be told. */
async function add(flags: AddFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const wish = windowAsked(flags, fleet, Date.now());
  const [access, { planWindow }, { planLines, toldLines }] = await Promise.all([
    accessFor(fleet),
    import("../operator/window-plan.ts"),
    import("../operator/window-lines.ts"),
  ]);
  const author = { by: access.caller, now: access.clock.now(), random: randomBytes(3) };
  const plan = planWindow(fleet, wish, { ...author, random: author.random.toString("hex") });
  if (!flags.json) say(...planLines(plan, fleet.provider.timezone));
  if (!flags.yes) {
    if (flags.json) return say(JSON.stringify({ announced: false, ...planJson(plan) }));
    return say("Nothing is announced. With --yes it is.");
  }
  const [{ announce }, { lambdaMails }] = await work();
  const told = await announce(access, lambdaMails(access.clock), plan.record);
  if (flags.json) say(JSON.stringify({ announced: true, ...planJson(plan), ...told }));
  else say(`announced as ${plan.record.window}`, ...toldLines(told, plan.record.window));
  if (told.untold.length + told.unmailed > 0) process.exitCode = 1;
}

async function list(flags: ListFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const own = flags.instance === undefined ? undefined : [instanceIn(fleet, flags.instance).id];
  const access = await accessFor(fleet);
  const [{ knownWindows }, { windowsShown }, { listLines }] = await Promise.all([
    import("../operator/windows.ts"),
    import("../sla/books/windows-shown.ts"),
    import("../operator/window-lines.ts"),
  ]);
  const { windows, unreadable, silent } = await knownWindows(access);
  const nowMs = access.clock.now().getTime();
  const sinceMs = flags.all ? 0 : nowMs - SHOWN_MS;
  const shown = windowsShown(windows, { ...(own && { instances: own }), sinceMs, nowMs });
  if (flags.json) return say(JSON.stringify({ windows: shown, unreadable, silent }));
  say(...listLines({ shown, windows, unreadable, silent }, fleet));
}

const SHOWN_MS = 31 * 86_400_000;

async function cancel(id: string, flags: CancelFlags): Promise<void> {
  const access = await accessFor(fleetOf(flags.fleet));
  const [{ cancel: withdraw, knownWindows, windowIn }, { lambdaMails }] = await work();
  const window = windowIn(await knownWindows(access), id);
  const done = await withdraw(access, lambdaMails(access.clock), window, flags.reason);
  const isBefore = Date.parse(done.record.at) <= window.fromMs;
  await ended(flags, { window: id, ...done }, isBefore ? `${id} is cancelled` : `${id} is over`);
}

async function tell(id: string, flags: CommonFlags): Promise<void> {
  const access = await accessFor(fleetOf(flags.fleet));
  const [{ tellAgain, knownWindows, windowIn }, { lambdaMails }] = await work();
  const window = windowIn(await knownWindows(access), id);
  const told = await tellAgain(access, lambdaMails(access.clock), window);
  await ended(flags, { window: id, ...told }, `${id}: whoever had not been told is told`);
}

interface Ended {
  readonly window: string;
  readonly untold: readonly string[];
  readonly unmailed: number;
}

async function ended({ json }: CommonFlags, told: Ended, words: string): Promise<void> {
  const { toldLines } = await import("../operator/window-lines.ts");
  if (json) say(JSON.stringify(told));
  else say(words, ...toldLines(told, told.window));
  if (told.untold.length + told.unmailed > 0) process.exitCode = 1;
}

async function accessFor(fleet: Fleet): Promise<Access> {
  const { accessTo } = await import("../operator/access.ts");
  return accessTo(fleet, process.env);
}

const work = () =>
  Promise.all([import("../operator/windows.ts"), import("../operator/hand-notices.ts")]);
