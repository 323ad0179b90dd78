import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../kernel/clock.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Flag, UrlAnswer, UrlRequest } from "./contract.ts";

const PATH = /^\/(?<id>[a-z0-9][a-z0-9-]{0,62})\/(?<token>[\w-]{32,64})$/;

/** Plan seconds. Health checkers hang up after two. */
const PATIENCE_SECONDS = 1.5;

/**
 * 200 while the flag of this path is raised, 404 for everything else, so that nobody learns which flags there
 * are. Where the ledger does not answer, what this function saw raised last stays raised: an answer less, and
 * DNS leads back to the old primary. What it has not seen rejects: the check fails as if the flag were lowered,
 * and DNS stays where it is.
 */
export function flagAnswers(
  ledger: Ledger,
  clock: Pick<Clock, "wait">,
): (request: UrlRequest) => Promise<UrlAnswer> {
  const raised = new Set<string>();

  const answerNow = async (path: string): Promise<UrlAnswer> => {
    const isRaised = await isRaisedIn(ledger, path);
    raised[isRaised ? "add" : "delete"](path);
    return isRaised ? RAISED : LOWERED;
  };

  return async ({ rawPath }) => {
    if (!raised.has(rawPath)) return answerNow(rawPath);
    const asked = answerNow(rawPath).catch(() => RAISED);
    return Promise.race([asked, clock.wait(PATIENCE_SECONDS).then(() => RAISED)]);
  };
}

async function isRaisedIn(ledger: Ledger, path: string): Promise<boolean> {
  const { id, token } = PATH.exec(path)?.groups ?? {};
  if (id === undefined || token === undefined) return false;
  const flag = (await ledger.read<Flag>(keys.flag(id)))?.value;
  return flag?.state === "raised" && isSame(flag.token, token);
}

const answer = (statusCode: number, body: string): UrlAnswer => ({
  statusCode,
  headers: { "content-type": "text/plain", "cache-control": "no-store" },
  body,
});

const RAISED = answer(200, "raised\n");
const LOWERED = answer(404, "not found\n");

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
