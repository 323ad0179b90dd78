import type { Command } from "commander";
import { parseReason } from "../operator/wish.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say, tellStep } from "./say.ts";
import { UserError } from "./user-error.ts";

interface AbortFlags {
  readonly fleet?: string;
  readonly reason: string;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command("abort")
    .description("stop a running failover before it promotes, or a recovery before it fences")
    .argument("<id>", "the instance")
    .option("--reason <text>", "why; it stays as evidence", parseReason, "no reason given")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--json", "print one JSON object instead of lines")
    .action(abort);
}

/** Throws UserError: exit 1 if nothing runs or it is too late. */
async function abort(id: string, { fleet: file, reason, json }: AbortFlags): Promise<void> {
  const fleet = fleetOf(file);
  const instance = instanceIn(fleet, id);
  const [{ accessTo }, { runningIn }, { stopFailover }, { haltLines }, ending] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/running.ts"),
    import("../operator/stop-failover.ts"),
    import("../operator/halt-lines.ts"),
    import("../operator/ending.ts"),
  ]);
  const access = await accessTo(fleet, process.env);
  const running = await runningIn(access, instance);
  const { folder, region, promotedAt } = running;
  if (promotedAt !== undefined) {
    throw new UserError(
      `${id}: too late: ${folder} asked for the promotion at ${promotedAt}; from there it only goes forward`,
      1,
    );
  }
  if (!json) say(`asked ${folder} in ${region} to stop; it stops before its next step`);
  const outcome = await stopFailover(access, id, running, reason, json ? () => {} : tellStep);
  if (outcome === "too-late") {
    throw new UserError(
      `${id}: too late: the new primary was on its way into service, and it is done`,
      1,
    );
  }
  if (outcome === "halted") process.exitCode = 1;
  const ledger = access.ledgers(region);
  if (!json) return say(...(await haltLines(ledger, id, folder)));
  const ended = await ending.endingOf(ledger, id, folder, false);
  say(JSON.stringify({ instance: id, ...running, ...ended, outcome }));
}
