import { randomBytes } from "node:crypto";
import { approvalPolicy } from "../../lib/sla/approval.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import type { Approval, Question, Seal } from "../approval/contract.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import { approvalNotice } from "./approval-notice.ts";
import type { Fit } from "./case.ts";
import { ANSWERED } from "./contract.ts";
import { saidInWords } from "./evidence.ts";
import { lossWords } from "./loss-words.ts";
import { staysIn } from "./members.ts";
import { type AskWorld, instanceOf } from "./world.ts";

/** What the machine sends: its case, and the token that wakes it. */
export interface AskEvent {
  readonly case: Fit;
  readonly token: string;
}

/**
 * Asks once, however often the machine comes back to wait. Rejects with `Answered` if that has happened
 * meanwhile: who answered did not know this token, so nobody would wake the machine.
 */
export async function ask(world: AskWorld, { case: fit, token }: AskEvent): Promise<void> {
  const { request, id } = fit;
  const ledger = world.ledgers(world.region);
  const key = keys.approval(request.instance, id);
  // Before the question: whoever answers at once has to find the token.
  await rewrite<Seal>(ledger, keys.seal(request.instance, id), (seal) => ({
    secret: seal?.secret ?? randomBytes(32).toString("base64url"),
    token,
  }));
  const open: Approval = { ...questionOf(world, fit), state: "open" };
  const approval = (await ledger.create(key, open))
    ? open
    : ((await ledger.read<Approval>(key))?.value ?? open);
  if (approval.state !== "open") {
    throw new SlaError(ANSWERED, "operator", `${request.instance}: ${approval.state} meanwhile`);
  }
  // Mailed again after each look, and told once: a mail that was lost leaves with the next.
  await world.messenger.notify(approvalNotice(approval));
}

function questionOf(world: AskWorld, fit: Fit): Question {
  const { request, execution, before, id } = fit;
  const instance = instanceOf(world, request.instance);
  const { withinSeconds, otherwise, asks } = policyOf(world, instance);
  const now = world.clock.now();
  const { contact } = world.fleet.provider;
  const everybody = asks === "everybody" ? instance.contacts : [];
  return {
    instance: instance.id,
    failover: id,
    incident: request.incident,
    execution,
    epoch: before.epoch,
    askedAt: now.toISOString(),
    until: new Date(now.getTime() + world.clock.paced(withinSeconds)).toISOString(),
    otherwise,
    asked: [...new Set([contact, ...everybody])],
    found: foundIn(fit),
  };
}

function policyOf({ fleet }: AskWorld, { plan: name, dns }: Instance) {
  const plan = fleet.plans[name];
  if (plan) return approvalPolicy(plan, dns.ttl);
  throw new SlaError("UnknownPlan", "operator", `the deployed fleet has no plan '${name}'`);
}

function foundIn(fit: Fit): readonly string[] {
  const { request, before, evidence } = fit;
  const { primary, standby } = before;
  return [
    `The primary ${primary.database} in ${primary.region} is down since ${request.firstBadAt}: ${request.reason}. Asked again: ${saidInWords(evidence.primary)}.`,
    staysIn(before)
      ? `Another member of its cluster would take over. Asked: ${saidInWords(evidence.standby)}.`
      : `The standby ${standby.database} in ${standby.region} would take over. Asked: ${saidInWords(evidence.standby)}.`,
    lossWords(fit),
  ];
}
