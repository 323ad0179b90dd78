import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import { type Verdict, type Vote, verdictOf } from "../../lib/sla/verdict.ts";
import { PROBE_TIMEOUTS, type ProbeAnswer } from "../probe/contract.ts";
import type { Vantages } from "./ports.ts";

export interface SecondLook {
  readonly verdict: Verdict;
  /** Per vantage: `good`, `abstains`, or why it is bad. */
  readonly said: Readonly<Record<string, string>>;
}

/** One look at one instance from every configured vantage. A blind one neither blocks nor decides. */
export async function lookFrom(
  vantages: Vantages,
  { vantages: configured, controlTargets }: Fleet,
  { id, url }: Instance,
): Promise<SecondLook> {
  const request = { targets: [{ id, url }], controls: controlTargets, ...PROBE_TIMEOUTS };
  const answers = await Promise.all(
    configured.map(async (vantage) => [vantage, await vantages.probe(vantage, request)] as const),
  );
  const votes = answers.map(([vantage, answer]): Vote => ({ vantage, says: vote(answer, id) }));
  return {
    verdict: verdictOf(configured, votes),
    said: Object.fromEntries(answers.map(([vantage, answer]) => [vantage, words(answer, id)])),
  };
}

function vote(answer: ProbeAnswer | undefined, id: string): Vote["says"] {
  const result = answer?.blind ? undefined : answer?.results.find((each) => each.id === id);
  if (!result) return "abstains";
  return result.good ? "good" : "bad";
}

function words(answer: ProbeAnswer | undefined, id: string): string {
  const says = vote(answer, id);
  const reason = answer?.results.find((each) => each.id === id)?.reason;
  return says === "bad" ? (reason ?? "bad") : says;
}
