import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import type { Access } from "../operator/access.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { UserError } from "./user-error.ts";

interface StatusFlags {
  readonly fleet?: string;
  readonly watch?: true;
  readonly json?: true;
  readonly html?: string;
  readonly of?: string;
  readonly provider?: true;
  readonly links?: true;
}

const REFRESH_MS = 3000;
const CLEAR = "\u001b[2J\u001b[H";

export function register(program: Command): void {
  program
    .command("status")
    .description("say of each instance who is primary, what is at risk and what needs a person")
    .argument("[ids...]", "these instances only (default: all)")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--watch", "again every few seconds, until Ctrl-C")
    .option("--json", "print one JSON object instead of lines")
    .option("--html <file>", "write the status page for everybody instead, as one file")
    .option("--of <id>", "with --html: the page of the customer who has this instance")
    .option("--provider", "with --html: your own page, with tickets and calls; show it to nobody")
    .option("--links", "say instead at which addresses the status pages are read")
    .action(status);
}

/** Sets the exit code: 0 all well, 1 something needs a person. Throws UserError. */
async function status(ids: readonly string[], flags: StatusFlags): Promise<void> {
  refuseContradiction(ids, flags);
  const { watch, json, html, of, links } = flags;
  const checked = fleetOf(flags.fleet);
  for (const id of of === undefined ? ids : [of]) instanceIn(checked, id);
  const { accessTo } = await import("../operator/access.ts");
  const access = await accessTo(checked, process.env);
  if (html !== undefined || links) {
    const { sayLinks, writePage } = await import("./status-page.ts");
    return html === undefined ? sayLinks(access, json === true) : writePage(access, html, flags);
  }
  const how = { only: ids, json: json === true };
  const isWell = await show(access, how);
  if (watch) return again(access, how);
  if (!isWell) process.exitCode = 1;
}

/** Each asks for something else than the others. */
function refuseContradiction(ids: readonly string[], flags: StatusFlags): void {
  const { watch, json, html, links } = flags;
  const asked = [
    ...(watch ? ["--watch"] : []),
    ...(html === undefined ? [] : ["--html"]),
    ...(links ? ["--links"] : []),
  ];
  if (asked.length > 1) throw new UserError(`${asked.join(" and ")}: give one of them`);
  if (ids.length > 0 && (links || html !== undefined)) {
    throw new UserError(`${ids.join(", ")}: pages are of all; --html with --of names a customer's`);
  }
  if (json && html !== undefined) {
    throw new UserError(
      "--json and --html: give one of them; status.json beside a page says the same",
    );
  }
  refuseReader(flags);
}

/** A page is for one reader. */
function refuseReader({ html, of, provider }: StatusFlags): void {
  const whose = [...(of === undefined ? [] : ["--of"]), ...(provider ? ["--provider"] : [])];
  if (whose.length > 1) throw new UserError("--of and --provider: give one of them");
  if (html === undefined && whose[0]) throw new UserError(`${whose[0]}: give it with --html`);
}

/** Until Ctrl-C. What cannot be said for a moment does not end it. */
async function again(access: Access, how: Shown): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  for (const wish of ["SIGINT", "SIGTERM"] as const) process.on(wish, () => ended.abort());
  for (;;) {
    await pause(REFRESH_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await show(access, { ...how, clear: process.stdout.isTTY === true }).catch((cause: unknown) => {
      if (!(cause instanceof UserError)) throw cause;
      console.error(`sla: ${cause.message}`);
    });
  }
}

interface Shown {
  readonly only: readonly string[];
  readonly json: boolean;
  readonly clear?: boolean;
}

/** Whether all is well. */
async function show(access: Access, how: Shown) {
  const [{ gather }, { fleetStatus }, { statusLines }] = await Promise.all([
    import("../operator/gather.ts"),
    import("../operator/fleet-status.ts"),
    import("../operator/status-lines.ts"),
  ]);
  const found = fleetStatus(access.fleet, await gather(access), how.only);
  const text = how.json
    ? JSON.stringify(found)
    : statusLines(found, process.stdout.isTTY === true).join("\n");
  console.log(`${how.clear ? CLEAR : ""}${text}`);
  return found.ok;
}
