import { keys } from "../ledger/contract.ts";
import type { Fit, Said } from "./case.ts";
import { evidenceNow, renewed } from "./evidence.ts";
import { preflight } from "./preflight.ts";
import type { Taken } from "./step.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/**
 * Everything that was asked before people were waited for, once more: a database can come back without its
 * page, a standby can fall behind or be promoted by hand. Nothing if nobody was waited for.
 */
export async function fitAgain(world: AssessWorld, fit: Fit): Promise<Taken<Fit>> {
  if (!(await wasWaitedFor(world, fit))) return { next: fit, detail: "" };
  const instance = instanceOf(world, fit.request.instance);
  const found = await evidenceNow(world, instance, fit.before);
  const evidence = await renewed(world, fit.before, fit.evidence, found);
  const { next, detail } = await preflight(world, { ...fit, evidence });
  const known = { ...evidence, standby: withFirstHorizon(evidence.standby, fit.evidence.standby) };
  return { next: { ...next, evidence: known }, detail: `; ${detail}` };
}

const wasWaitedFor = async ({ ledgers, region }: AssessWorld, { request, id }: Fit) =>
  (await ledgers(region).read(keys.approval(request.instance, id))) !== undefined;

/** The lower bound of what the old primary may have kept: it may have lived a while in between. */
function withFirstHorizon(now: Said, first: Said): Said {
  const horizon = first.answered ? first.reading.horizon : undefined;
  return now.answered && horizon !== undefined
    ? { ...now, reading: { ...now.reading, horizon } }
    : now;
}
