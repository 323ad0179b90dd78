import type { Command } from "commander";
import { parseReason } from "../operator/wish.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say, tellStep } from "./say.ts";

interface ApproveFlags {
  readonly fleet?: string;
  readonly reason: string;
  readonly refuse?: true;
  readonly detach?: true;
}

export function register(program: Command): void {
  program
    .command("approve")
    .description("answer a failover that waits for a person: let it go on, or refuse it")
    .argument("<id>", "the instance")
    .requiredOption("--reason <text>", "why; it stays as evidence", parseReason)
    .option("--refuse", "stop it; nothing has been touched")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--detach", "answer and do not wait for the failover's end")
    .action(approve);
}

/** Sets the exit code: 1 if an approved failover halts. Throws UserError: none waits, or somebody was first. */
async function approve(id: string, flags: ApproveFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  const [{ accessTo }, { openQuestion }, { answerQuestion }, { follow }, { haltLines }] =
    await Promise.all([
      import("../operator/access.ts"),
      import("../operator/open-question.ts"),
      import("../operator/answer-question.ts"),
      import("../operator/follow.ts"),
      import("../operator/halt-lines.ts"),
    ]);
  const access = await accessTo(fleet, process.env);
  const waiting = await openQuestion(access, instance);
  const { execution, folder, region } = waiting.running;
  const state = flags.refuse ? "refused" : "approved";
  await answerQuestion(access, waiting, { state, by: access.caller, reason: flags.reason });
  say(...waiting.question.found, `${state} ${folder} in ${region}`);
  if (flags.detach) return;
  const end = await follow(access, execution, tellStep);
  if (end.succeeded) return say(`${id}: done`);
  say(...(await haltLines(access.ledgers(region), id, folder)));
  if (!flags.refuse) process.exitCode = 1;
}
