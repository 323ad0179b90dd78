import { lambdaCalls } from "../../functions/aws/lambda-call.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { type PassEvent, RECONCILE_FUNCTION } from "../../functions/reconcile/contract.ts";
import type { Access } from "./access.ts";

/** As long as a pass over a large fleet may take. */
const ANSWER_SECONDS = 300;

/** Has every site look at its backups now; returns what those say that did not end well, by site. */
export async function lookNow({ fleet, clock }: Access): Promise<ReadonlyMap<string, string>> {
  const look = lookIn(clock);
  const sites = Object.keys(fleet.sites);
  const asked = await Promise.allSettled(sites.map(look));
  return new Map(
    sites.flatMap((site, index) => {
      const answer = asked[index];
      return answer?.status === "rejected" ? [[site, (answer.reason as Error).message]] : [];
    }),
  );
}

/** Has one site look at its backups now; rejects with what it says if that did not end well. */
export function lookIn(clock: Clock): (site: string) => Promise<unknown> {
  const call = lambdaCalls(clock, { answerSeconds: ANSWER_SECONDS, answerFloorMs: 30_000 });
  const event: PassEvent = { look: true };
  return (site) => call<unknown>(site, RECONCILE_FUNCTION, event);
}
