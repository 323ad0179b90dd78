import { FAILOVER_FUNCTIONS, FAILOVER_STEPS } from "../../functions/failover/contract.ts";
import type { CloudEvent } from "../local-cloud/event-log.ts";
import type { Fate, Moment } from "../local-cloud/lambda/mishaps.ts";
import type { Check } from "./result.ts";

/** A step dies before its effects, its repeat after them; the second repeat may live. */
const MOMENTS = ["at work", "when done"] as const satisfies readonly Moment[];

const FUNCTIONS = new Set<string>(Object.values(FAILOVER_FUNCTIONS));

/** The process of each step of a failover in that region dies of its first invocations, one by one. */
export function eachStepInTurn(region: string): Fate {
  const deaths = new Map<string, number>();
  return (call) => {
    if (call.region !== region || !FUNCTIONS.has(call.name)) return undefined;
    const { step } = JSON.parse(call.payload) as { readonly step?: string };
    if (!FAILOVER_STEPS.some((each) => each.step === step)) return undefined;
    const before = deaths.get(String(step)) ?? 0;
    deaths.set(String(step), before + 1);
    return MOMENTS[before];
  };
}

/** Nothing is proven by a step that was taken and did not die. */
export function everyStepDied(events: readonly CloudEvent[]): Check {
  const entered = new Set(detailsOf(events, "StateEntered").map((detail) => detail["state"]));
  const deaths = detailsOf(events, "EnvironmentKilled");
  const taken = FAILOVER_STEPS.filter(({ state }) => entered.has(state));
  const alive = taken
    .filter(
      ({ step }) =>
        !MOMENTS.every((moment) =>
          deaths.some((death) => death["step"] === step && death["moment"] === moment),
        ),
    )
    .map(({ state }) => state);
  return {
    name: "every step's function died, before and after its effects",
    ok: taken.length > 0 && alive.length === 0,
    found: `${taken.length - alive.length} of ${taken.length}${alive.length > 0 ? `, not ${alive.join(", ")}` : ""}`,
  };
}

const detailsOf = (events: readonly CloudEvent[], wanted: string) =>
  events.filter(({ operation }) => operation === wanted).map(({ detail }) => detail);
