import { timingSafeEqual } from "node:crypto";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Flag, UrlAnswer, UrlRequest } from "./contract.ts";

const PATH = /^\/(?<id>[a-z0-9][a-z0-9-]{0,62})\/(?<token>[\w-]{32,64})$/;

/**
 * 200 while the flag of this path is raised, 404 for everything else, so that nobody learns which flags there
 * are. Rejects where the ledger does not answer: then the check fails as if the flag were lowered, and DNS
 * stays where it is.
 */
export async function answerFlag({ rawPath }: UrlRequest, ledger: Ledger): Promise<UrlAnswer> {
  const { id, token } = PATH.exec(rawPath)?.groups ?? {};
  if (id === undefined || token === undefined) return LOWERED;
  const flag = (await ledger.read<Flag>(keys.flag(id)))?.value;
  return flag?.state === "raised" && isSame(flag.token, token) ? RAISED : LOWERED;
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
