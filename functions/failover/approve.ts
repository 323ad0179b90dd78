import type { Answer, Approval } from "../approval/contract.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import type { Fit } from "./case.ts";
import { AWAITS_ANSWER } from "./contract.ts";
import { halt } from "./errors.ts";
import { asksFirst } from "./person.ts";
import type { Taken } from "./step.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/**
 * Goes on if nobody has to approve or somebody has. What counts is the answer in the ledger, first come: a
 * machine that was woken, or whose wait is over, looks here again. Nothing has been touched so far.
 */
export async function approve(world: AssessWorld, fit: Fit): Promise<Taken<Fit>> {
  const { request, id } = fit;
  if (!asksFirst(instanceOf(world, request.instance), request)) {
    return { next: fit, detail: "nobody has to approve" };
  }
  const ledger = world.ledgers(world.region);
  const now = world.clock.now();
  const found = await rewrite<Approval>(ledger, keys.approval(request.instance, id), (approval) =>
    approval?.state === "open" && Date.parse(approval.until) <= now.getTime()
      ? { ...approval, ...expiredAt(now) }
      : undefined,
  );
  if (!found) return awaitsAnswer(`${request.instance}: nobody has been asked yet`);
  return { next: fit, detail: verdictOn(found) };
}

const expiredAt = (now: Date): Answer => ({
  state: "expired",
  at: now.toISOString(),
  by: "the plan",
  reason: "nobody answered",
});

/** Why it goes on; halts or waits where it may not. */
function verdictOn(approval: Approval): string {
  const { instance, until, otherwise } = approval;
  switch (approval.state) {
    case "open":
      return awaitsAnswer(`${instance}: nobody has answered yet, there is time until ${until}`);
    case "approved":
      return `approved by ${approval.by} at ${approval.at}: ${approval.reason}`;
    case "refused":
      return halt(
        "HaltRefused",
        `${instance}: refused by ${approval.by} at ${approval.at}: ${approval.reason}`,
      );
    case "expired":
      return otherwise === "failover"
        ? `nobody answered until ${until}: then the plan says failover`
        : halt("HaltUnanswered", `${instance}: nobody answered until ${until}`);
    default:
      return approval satisfies never;
  }
}

const awaitsAnswer = (message: string): never => {
  throw new SlaError(AWAITS_ANSWER, "operator", message);
};
