import type { Roles } from "../../lib/sla/roles.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ACTIONS, type Approval, type Seal } from "./contract.ts";
import { isOurs, type Link, linkIn } from "./link.ts";
import * as pages from "./page.ts";
import type { Waker } from "./ports.ts";
import { settle } from "./settle.ts";

/** As a function URL hands a request over (payload format 2.0), as far as it is read. */
export interface UrlRequest {
  readonly rawPath: string;
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** What answers are written with: the ledger of this site, and the machine that waits. */
export interface Desk {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly waker: Waker;
}

/** The page of a link; only POST decides. Rejects where the ledger or Step Functions does not answer. */
export async function answerLink(request: UrlRequest, desk: Desk): Promise<pages.Page> {
  const { method } = request.requestContext.http;
  if (!["GET", "HEAD", "POST"].includes(method)) return pages.METHOD_PAGE;
  const link = linkIn(request.rawPath);
  const found = link && (await read(desk.ledger, link));
  if (!link || !found || !isOurs(link, found.approval, found.seal)) return pages.UNKNOWN_PAGE;
  const { approval } = found;
  if (approval.state !== "open") return pages.settledPage(approval, approval);
  const over = await whyOver(approval, desk);
  if (over !== undefined) return pages.overPage(approval, over);
  if (method !== "POST") return pages.questionPage(approval, link.action);
  return decide(found, link, reasonIn(request), desk);
}

interface Found {
  readonly approval: Approval;
  readonly seal: Seal;
}

/** A key that is not there answers like one that is forbidden: this function may not list. */
async function read(ledger: Ledger, { instance, failover }: Link): Promise<Found | undefined> {
  try {
    const approval = (await ledger.read<Approval>(keys.approval(instance, failover)))?.value;
    const seal = (await ledger.read<Seal>(keys.seal(instance, failover)))?.value;
    return approval && seal && { approval, seal };
  } catch (cause) {
    if (cause instanceof SlaError && cause.code === "CloudRefused") return undefined;
    throw cause;
  }
}

async function whyOver(approval: Approval, { ledger, clock, waker }: Desk) {
  const { until, instance, epoch, execution } = approval;
  if (clock.now().getTime() >= Date.parse(until)) return `The time to answer was up at ${until}.`;
  const roles = (await ledger.read<Roles>(keys.roles(instance)))?.value;
  if (roles?.epoch !== epoch) return `The roles of ${instance} have changed since it was asked.`;
  return (await waker.isRunning(execution)) ? undefined : `The failover that asked is over.`;
}

async function decide(
  { approval, seal }: Found,
  { action, asked }: Link,
  reason: string,
  { ledger, clock, waker }: Desk,
): Promise<pages.Page> {
  const at = clock.now().toISOString();
  const by = approval.asked[asked] ?? "";
  const settled = await settle(ledger, approval, { state: ACTIONS[action], at, by, reason });
  if (!settled) return pages.UNKNOWN_PAGE;
  if (!settled.ours) return pages.settledPage(approval, settled.answer);
  // It counts already; a machine that cannot be woken looks by itself a little later.
  await waker.wake(seal.token).catch(() => undefined);
  return pages.decidedPage(approval, settled.answer);
}

const LONGEST_REASON = 300;

function reasonIn({ body = "", isBase64Encoded }: UrlRequest): string {
  const text = isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
  const reason = new URLSearchParams(text).get("reason") ?? "";
  const plain = reason
    .replaceAll(/\p{C}+/gu, " ")
    .trim()
    .slice(0, LONGEST_REASON);
  return plain === "" ? "by the link of the mail, no reason given" : plain;
}
