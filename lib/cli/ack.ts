import type { Command } from "commander";
import { parseReason } from "../operator/wish.ts";
import { fleetOf } from "./fleet-of.ts";
import { say } from "./say.ts";

interface AckFlags {
  readonly fleet?: string;
  readonly instance?: string;
  readonly reason: string;
  readonly by?: string;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command("ack")
    .description("take care of an incident: nobody else is called for it")
    .argument("<id>", "what the mail and sla status name")
    .requiredOption("--reason <text>", "what you do about it; it stays as evidence", parseReason)
    .option("--instance <id>", "whose, where several had one of that name; a region for a region's")
    .option("--by <name>", "who takes care, if not whose credentials these are")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--json", "print one JSON object instead of lines")
    .action(ack);
}

/** Throws UserError. Exit 1: said, but not in every ledger. */
async function ack(id: string, flags: AckFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const [{ accessTo }, { acknowledge }, { hanging }] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/acknowledge.ts"),
    import("../operator/hanging.ts"),
  ]);
  const { instance, by, reason } = flags;
  const { record, call, untold } = await acknowledge(await accessTo(fleet, process.env), {
    ...{ id, reason },
    ...(instance !== undefined && { instance }),
    ...(by !== undefined && { by }),
  });
  if (flags.json) say(JSON.stringify({ ...record, untold }));
  else {
    say(
      ...hanging("", `${record.instance}: ${call.title}: ${record.by} takes care of it`),
      ...untold.map((site) => `${site} does not answer: it does not know`),
    );
  }
  if (untold.length > 0) process.exitCode = 1;
}
