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
  readonly json?: true;
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
    .option("--json", "print one JSON object instead of lines")
    .action(approve);
}

/** Sets the exit code: 1 if an approved failover halts. Throws UserError: none waits, or somebody was first. */
async function approve(id: string, flags: ApproveFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  const [{ accessTo }, { openQuestion }, { answerQuestion }, { follow }, { haltLines }, ending] =
    await Promise.all([
      import("../operator/access.ts"),
      import("../operator/open-question.ts"),
      import("../operator/answer-question.ts"),
      import("../operator/follow.ts"),
      import("../operator/halt-lines.ts"),
      import("../operator/ending.ts"),
    ]);
  const access = await accessTo(fleet, process.env);
  const waiting = await openQuestion(access, instance);
  const { execution, folder, region } = waiting.running;
  const state = flags.refuse ? "refused" : "approved";
  await answerQuestion(access, waiting, { state, by: access.caller, reason: flags.reason });
  const { found } = waiting.question;
  const answered = { instance: id, execution, folder, region, found, state };
  if (!flags.json) say(...found, `${state} ${folder} in ${region}`);
  if (flags.detach) return void (flags.json && say(JSON.stringify(answered)));
  const { succeeded } = await follow(access, execution, flags.json ? () => {} : tellStep);
  if (!succeeded && !flags.refuse) process.exitCode = 1;
  const ledger = access.ledgers(region);
  if (flags.json) {
    const ended = await ending.endingOf(ledger, id, folder, succeeded);
    return say(JSON.stringify({ ...answered, ...ended }));
  }
  say(...(succeeded ? [`${id}: done`] : await haltLines(ledger, id, folder)));
}
