import type { Command } from "commander";
import type { Held } from "../operator/webhooks.ts";
import { fleetOf } from "./fleet-of.ts";
import { say } from "./say.ts";
import { UserError } from "./user-error.ts";

interface WebhookFlags {
  readonly fleet?: string;
  readonly site?: string;
  readonly all?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  const webhook = program
    .command("webhook")
    .description("what the provider's own webhooks are told, and what they said");
  const common = (command: Command) =>
    command
      .argument("<name>", "as provider.webhooks names it")
      .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
      .option("--json", "print one JSON object instead of lines");
  common(webhook.command("test").description("send a signed event that means nothing"))
    .option("--site <region>", "from one site only (default: from all)")
    .action(test);
  common(webhook.command("list").description("events on their way, and those given up"))
    .option("--all", "those that were taken, too")
    .action(list);
  common(webhook.command("redeliver").description("send events anew"))
    .argument("[events...]", "their ids, whatever became of them")
    .option("--all", "all that were given up")
    .action(redeliver);
}

async function openDesk(name: string, flags: WebhookFlags) {
  const fleet = fleetOf(flags.fleet);
  const [{ accessTo }, office, lines] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/webhooks.ts"),
    import("../operator/webhook-lines.ts"),
  ]);
  office.webhookIn({ fleet }, name);
  const sites = office.sitesNamed({ fleet }, flags.site);
  return { office, lines, sites, access: await accessTo(fleet, process.env) };
}

/** Exit 1: some site could not get it taken. */
async function test(name: string, flags: WebhookFlags): Promise<void> {
  const { office, lines, sites, access } = await openDesk(name, flags);
  const answers = await office.testFrom(access, name, sites);
  say(...(flags.json ? [JSON.stringify({ webhook: name, answers })] : lines.answerLines(answers)));
  if (answers.some(({ ok }) => !ok)) process.exitCode = 1;
}

const jsonOf = (name: string, held: readonly Held[]) =>
  JSON.stringify({
    webhook: name,
    events: held.map(({ site, outgoing }) => ({ site, ...outgoing })),
  });

/** Exit 1: some were given up. */
async function list(name: string, flags: WebhookFlags): Promise<void> {
  const { office, lines, access } = await openDesk(name, flags);
  const held = (await office.heldFor(access, name)).filter(
    ({ outgoing: { state } }) => flags.all || state === "waiting" || state === "given-up",
  );
  if (flags.json) say(jsonOf(name, held));
  else say(...(held.length > 0 ? lines.heldLines(held) : ["nothing waits, nothing was given up"]));
  if (held.some(({ outgoing }) => outgoing.state === "given-up")) process.exitCode = 1;
}

/** Throws UserError. */
async function redeliver(name: string, ids: readonly string[], flags: WebhookFlags): Promise<void> {
  if (ids.length > 0 === (flags.all === true))
    throw new UserError("redeliver: name events, as sla webhook list does, or say --all");
  const { office, access } = await openDesk(name, flags);
  const held = (await office.heldFor(access, name)).filter(({ outgoing: { state, event } }) =>
    flags.all ? state === "given-up" : state !== "renewed" && ids.includes(event.id),
  );
  const unknown = ids.filter((id) => !held.some(({ outgoing }) => outgoing.event.id === id));
  if (unknown.length > 0) throw new UserError(`no event of ${name}: ${unknown.join(", ")}`);
  await office.sendAnew(access, held);
  say(
    flags.json
      ? jsonOf(name, held)
      : `${held.length} events are sent anew; sla webhook list ${name} says how it goes`,
  );
}
