import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { incidentSpan } from "../books/month-claims.ts";
import { UserError } from "../cli/user-error.ts";
import {
  type AnnotationCounts,
  type AnnotationRecord,
  annotationCounts,
  type Cause,
  causesOf,
  type IncidentSpan,
} from "../sla/books/annotation.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import type { Access } from "./access.ts";
import { planOf } from "./consider.ts";
import { writeEverywhere } from "./everywhere.ts";

const LANES = 16;

/** Whose incident it is. Throws UserError where no ledger that answers knows it, or several instances had one of that name. */
export async function incidentOwner(
  { fleet, ledgers }: Access,
  incident: string,
  candidates: readonly Instance[],
): Promise<Instance> {
  for (const site of new Set([fleet.control, ...Object.keys(fleet.sites)])) {
    const found = await inLanes(LANES, candidates, async (each) => {
      const record = await ledgers(site).read(keys.incident(each.id, incident));
      return record ? [each] : [];
    }).catch(() => []);
    const [owner, ...more] = found.flat();
    if (!owner) continue;
    if (more.length === 0) return owner;
    const ids = [owner, ...more].map(({ id }) => id).join(", ");
    throw new UserError(
      `${incident}: ${ids} had an incident of that name: say which by --instance`,
    );
  }
  throw new UserError(
    `no ledger that answers knows an incident '${incident}'; mails, sla status and sla incident list name them`,
  );
}

/** Throws UserError with the causes that a plan leaves out. */
export function parseCause(text: string, plan: Plan): Cause | "none" {
  const causes = causesOf(plan);
  const found = [...causes, "none" as const].find((each) => each === text);
  if (found) return found;
  if (text.endsWith("-maintenance")) {
    throw new UserError(`--cause: maintenance is announced before, by sla maintenance add`);
  }
  const known = causes.length === 0 ? "leaves no cause out" : `leaves out ${causes.join(", ")}`;
  throw new UserError(
    `--cause: '${text}' is no reason not to count: the plan '${plan.name}' ${known}; none takes back what was said`,
  );
}

export interface Annotation {
  readonly record: AnnotationRecord;
  readonly incident: IncidentSpan | undefined;
  readonly verdict: AnnotationCounts;
  /** Sites whose ledger does not know of it. */
  readonly untold: readonly string[];
}

/** Beside what was said before, which stays. Throws UserError if nobody says who says so. */
export async function annotate(
  access: Access,
  instance: Instance,
  wish: Pick<AnnotationRecord, "incident" | "cause" | "reason">,
): Promise<Annotation> {
  const { caller, clock, ledgers, fleet } = access;
  if (caller === "unknown") {
    throw new UserError(
      `${fleet.control} does not say whose credentials these are, and an annotation has an author: say it again once it answers`,
      1,
    );
  }
  const at = clock.now().toISOString();
  const record: AnnotationRecord = { instance: instance.id, ...wish, by: caller, at };
  const key = keys.annotation(instance.id, wish.incident, at);
  const untold = await writeEverywhere(access, key, record);
  const answering = Object.keys(fleet.sites).filter((site) => !untold.includes(site));
  const incident = await incidentSpan(answering.map(ledgers), record);
  const verdict = annotationCounts(record, incident, planOf(access, instance));
  return { record, incident, verdict, untold };
}
