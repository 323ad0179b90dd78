import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import type { Said, Written } from "../../functions/support/say.ts";
import type { Access } from "../operator/access.ts";
import { parsePriority, parseTicketId, parseTitle, type Telling } from "../operator/tickets.ts";
import { parseReason } from "../operator/wish.ts";
import type { Priority } from "../sla/service-terms.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say } from "./say.ts";

interface CommonFlags {
  readonly fleet?: string;
  readonly json?: true;
}

interface EventFlags extends CommonFlags {
  readonly at?: string;
  readonly by?: string;
  readonly instance?: string;
}

export function register(program: Command): void {
  const ticket = program
    .command("ticket")
    .description("record requests for support: the clocks of first replies that were sold");
  common(ticket.command("open"), "when it came in, if not now")
    .description("somebody asks for support")
    .argument("<instance>", "the instance")
    .requiredOption("--priority <P1..P4>", "P1 is the most urgent", parsePriority)
    .requiredOption("--title <text>", "what it is about; no secrets, it stays", parseTitle)
    .option("--paging", "on-call paging was asked for")
    .option("--id <id>", "the helpdesk's own name for it", parseTicketId)
    .action(open);
  eventOf(ticket.command("reply"), "when it was sent, if not now")
    .description("somebody has answered")
    .option("--auto", "a machine has: it stops no clock")
    .action((id, flags) => record(id, flags, { kind: flags.auto ? "acknowledged" : "replied" }));
  eventOf(ticket.command("prioritise"), "when that was decided, if not now")
    .description("it is more or less urgent than it was")
    .requiredOption("--priority <P1..P4>", "P1 is the most urgent", parsePriority)
    .requiredOption("--reason <text>", "why; it stays as evidence", parseReason)
    .option("--paging", "on-call paging was asked for")
    .action((id, { priority, reason, paging, ...flags }) =>
      record(id, flags, { kind: "prioritised", reason, priority, isPaged: paging === true }),
    );
  eventOf(ticket.command("close"), "when it was, if not now")
    .description("it is done")
    .option("--reason <text>", "why, if nobody has answered it", parseReason)
    .action((id, { reason, ...flags }) =>
      record(id, flags, { kind: "closed", ...(reason !== undefined && { reason }) }),
    );
  ticket
    .command("list")
    .description("tickets that are not closed, the one that is due next first")
    .option("--instance <id>", "of this one only")
    .option("--all", "closed ones as well")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--json", "print one JSON object instead of lines")
    .action(list);
}

const common = (command: Command, at: string): Command =>
  command
    .option("--at <instant>", at)
    .option("--by <name>", "by whom (default: whose credentials these are)")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--json", "print one JSON object instead of lines");

const eventOf = (command: Command, at: string): Command =>
  common(command.argument("<id>", "the ticket", parseTicketId), at).option(
    "--instance <id>",
    "whose, where several instances have one of this name",
  );

interface OpenFlags extends EventFlags {
  readonly priority: Priority;
  readonly title: string;
  readonly paging?: true;
  readonly id?: string;
}

async function open(instance: string, flags: OpenFlags): Promise<void> {
  const { priority, title, paging, id, ...rest } = flags;
  const said: Said = { kind: "opened", title, priority, isPaged: paging === true };
  const unique = randomBytes(4).toString("hex");
  await record(id ?? `T-${unique}`, { ...rest, instance }, said);
}

/** Throws UserError, or rejects with `BadTicket`, where it cannot be so. */
async function record(id: string, flags: EventFlags, said: Said): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  if (flags.instance !== undefined) instanceIn(fleet, flags.instance);
  const [{ accessTo }, { instanceWith, tell }] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/tickets.ts"),
  ]);
  const access = await accessTo(fleet, process.env);
  const instance = instanceIn(fleet, flags.instance ?? (await instanceWith(access, id)));
  const { at, by } = flags;
  const telling: Telling = { said, at, by, event: randomBytes(8).toString("hex") };
  await show(access, await tell(access, instance, id, telling), flags);
}

async function show(
  { fleet, clock }: Access,
  { ticket, silent }: Written,
  { json }: CommonFlags,
): Promise<void> {
  const [{ ticketJson }, { ticketLines }] = await Promise.all([
    import("../../functions/support/ticket-json.ts"),
    import("../operator/ticket-lines.ts"),
  ]);
  const nowMs = clock.now().getTime();
  if (json) return say(JSON.stringify({ ...ticketJson(ticket, nowMs), silent }));
  say(...ticketLines(ticket, { nowMs, timezone: fleet.provider.timezone }));
  for (const region of silent) say(`  ${region} does not answer; it is told once it does`);
}

interface ListFlags extends CommonFlags {
  readonly instance?: string;
  readonly all?: true;
}

async function list({ instance, all, json, fleet: file }: ListFlags): Promise<void> {
  const fleet = fleetOf(file);
  if (instance !== undefined) instanceIn(fleet, instance);
  const [{ accessTo }, { knownTickets }, { ticketJson }, { ticketLines }] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/tickets.ts"),
    import("../../functions/support/ticket-json.ts"),
    import("../operator/ticket-lines.ts"),
  ]);
  const access = await accessTo(fleet, process.env);
  const { value: tickets, silent } = await knownTickets(access, { instance, all: all === true });
  const nowMs = access.clock.now().getTime();
  if (json) {
    const listed = tickets.map((each) => ticketJson(each, nowMs));
    return say(JSON.stringify({ tickets: listed, silent }));
  }
  const { timezone } = fleet.provider;
  say(...tickets.flatMap((each) => ticketLines(each, { nowMs, timezone })));
  if (tickets.length === 0) say(all ? "There are no tickets." : "No ticket is open.");
  for (const region of silent) say(`  ${region} does not answer; what only it knows is not shown`);
}
