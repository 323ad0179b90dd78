import { randomBytes } from "node:crypto";
import { ADOPTED_NAMES } from "../../sla/engine.ts";
import type { Fleet, Instance } from "../../sla/fleet.ts";
import { accessTo } from "../access.ts";
import { adoptAll } from "./adopt.ts";
import { CLIENTS } from "./client-words.ts";
import type { Through } from "./reach.ts";
import type { Wish } from "./step.ts";
import { adoptSteps } from "./steps.ts";
import { undoSteps } from "./undo-steps.ts";
import { tally, walkLines } from "./walk-lines.ts";
import { adoptWorld } from "./world.ts";

interface Adopting {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dryRun?: true;
  readonly readRows?: true;
  readonly subnetGroup?: string;
  readonly kmsKey?: string;
  readonly through?: Through;
  readonly undo?: true;
  readonly yes?: true;
  readonly json?: true;
  readonly progress: (line: string) => void;
}

const PASSWORD_BYTES = 24;

/** What is printed; `isWhole` if nothing is left to do. Throws UserError if nobody answers to the credentials. */
export async function adoptNow(
  fleet: Fleet,
  instances: readonly Instance[],
  flags: Adopting,
): Promise<{ readonly lines: readonly string[]; readonly isWhole: boolean }> {
  const access = await accessTo(fleet, flags.env);
  const random = () => randomBytes(PASSWORD_BYTES).toString("base64url");
  const dryRun = flags.dryRun === true || (flags.undo === true && !flags.yes);
  const reports = await adoptAll({
    ...{ fleet, instances, dryRun, wish: wishOf(flags) },
    world: adoptWorld(access, flags.through),
    steps: flags.undo ? undoSteps : () => adoptSteps(random),
    tell: (...told) => flags.progress(progressLine(...told)),
  });
  const isWhole = reports.every((report) => report.isWhole);
  if (flags.json) return { lines: [JSON.stringify({ dryRun, instances: reports })], isWhole };
  const whole = flags.undo ? "taken back" : "ready and looked after";
  const said = [...reports.flatMap(walkLines), "", tally(reports, whole)];
  const yes = dryRun && flags.undo ? ["Nothing is changed. With --yes it is."] : [];
  return { lines: [...said, ...yes], isWhole };
}

/** What is done is said once more at the end, in full. */
function progressLine(instance: string, step: string, is: string, says: string): string {
  const words = { doing: says, waiting: `waits: ${says}` }[is] ?? is;
  return `sla: ${instance}: ${step}: ${words}`;
}

function wishOf({ readRows, subnetGroup, kmsKey, env }: Adopting): Wish {
  const masters = ADOPTED_NAMES.flatMap((engine) => {
    const { user, password: variable } = CLIENTS[engine];
    const [username, password] = [env[user], env[variable]];
    if (password === undefined) return [];
    return [[engine, { password, ...(username !== undefined && { username }) }] as const];
  });
  return {
    readsRows: readRows === true,
    ...(subnetGroup !== undefined && { subnetGroup }),
    ...(kmsKey !== undefined && { kmsKey }),
    masters: Object.fromEntries(masters),
  };
}
