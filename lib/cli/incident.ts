import type { Command } from "commander";
import type { Access } from "../operator/access.ts";
import { parseReason } from "../operator/wish.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { say } from "./say.ts";
import { UserError } from "./user-error.ts";

interface CommonFlags {
  readonly fleet?: string;
  readonly json?: true;
}

interface AnnotateFlags extends CommonFlags {
  readonly instance?: string;
  readonly cause: string;
  readonly reason: string;
}

interface ListFlags extends CommonFlags {
  readonly instance: string;
}

const FLEET = ["--fleet <file>", "fleet file (default: fleet.yaml, else the example)"] as const;
const JSON_TOO = ["--json", "print one JSON object instead of lines"] as const;

export function register(program: Command): void {
  const incident = program
    .command("incident")
    .description("what is recorded of incidents, and what is said of their causes");
  incident
    .command("annotate")
    .description("say what caused one: what its plan leaves out does not count as downtime")
    .argument("<id>", "the incident, as mails and sla status name it")
    .requiredOption("--cause <cause>", "one that the plan leaves out; none takes it back")
    .requiredOption("--reason <text>", "how that is known; it stays as evidence", parseReason)
    .option("--instance <id>", "whose, where several had one of that name")
    .option(...FLEET)
    .option(...JSON_TOO)
    .action(annotateOne);
  incident
    .command("list")
    .description("the incidents of an instance, and what was said of them")
    .requiredOption("--instance <id>", "the instance")
    .option(...FLEET)
    .option(...JSON_TOO)
    .action(list);
}

const ID = /^\d{17}$/;

/** Throws UserError. Exit 1: said, but not in every ledger. */
async function annotateOne(id: string, flags: AnnotateFlags): Promise<void> {
  if (!ID.test(id)) {
    throw new UserError(`'${id}' is no incident: expected 17 digits, like 20261121100000000`);
  }
  const fleet = fleetOf(flags.fleet);
  const { instance: only, cause, reason } = flags;
  const candidates = only === undefined ? fleet.instances : [instanceIn(fleet, only)];
  const [work, { planOf }, { annotationLines }] = await Promise.all([
    import("../operator/annotate.ts"),
    import("../operator/consider.ts"),
    import("../operator/incident-lines.ts"),
  ]);
  const [candidate, ...others] = candidates;
  // What can be refused without asking anybody is.
  if (candidate && others.length === 0) work.parseCause(cause, planOf({ fleet }, candidate));
  const access = await accessFor(flags);
  const owner = await work.incidentOwner(access, id, candidates);
  const meant = work.parseCause(cause, planOf(access, owner));
  const done = await work.annotate(access, owner, { incident: id, cause: meant, reason });
  if (flags.json) {
    const { verdictJson } = await import("../books/month-report-json.ts");
    say(JSON.stringify({ ...done.record, ...verdictJson(done.verdict), untold: done.untold }));
  } else say(...annotationLines(done, fleet.provider.timezone));
  if (done.untold.length > 0) process.exitCode = 1;
}

async function list(flags: ListFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, flags.instance);
  const [{ incidentsOf }, { incidentLines }] = await Promise.all([
    import("../operator/incidents.ts"),
    import("../operator/incident-lines.ts"),
  ]);
  const { incidents, silent } = await incidentsOf(await accessFor(flags), instance);
  if (!flags.json) return say(...incidentLines(incidents, silent, fleet.provider.timezone));
  const iso = (ms: number) => new Date(ms).toISOString();
  const rows = incidents.map(({ incident, span, annotation }) => ({
    ...{ incident, from: iso(span.fromMs) },
    to: span.toMs === undefined ? null : iso(span.toMs),
    annotation: annotation ?? null,
  }));
  say(JSON.stringify({ instance: instance.id, incidents: rows, silent }));
}

async function accessFor({ fleet }: CommonFlags): Promise<Access> {
  const { accessTo } = await import("../operator/access.ts");
  return accessTo(fleetOf(fleet), process.env);
}
