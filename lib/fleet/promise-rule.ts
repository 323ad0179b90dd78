import { checkPromises } from "../sla/check.ts";
import { PRESETS } from "../sla/presets.ts";
import type { PromiseLine, Where } from "../sla/promise-line.ts";
import type { Draft, Entry } from "./draft.ts";
import type { Mistake } from "./mistake.ts";
import type { Path } from "./problem.ts";

/** Without these nothing can be said of an instance's promises. */
const DECISIVE = ["plan", "home", "standby", "failover"];

/** Every promise that this configuration cannot keep, at the number to change. */
export function promiseRule({
  plans,
  provider,
  frozen,
  vantages,
  instances,
}: Draft): readonly Mistake[] {
  const sound = instances.filter(
    ({ instance, doubtful }) =>
      Object.hasOwn(plans, instance.plan) && DECISIVE.every((key) => !doubtful.has(key)),
  );
  return sound.flatMap((entry) => {
    const known = {
      ...{ ...(provider && { provider }), ...(frozen && { frozen }) },
      ...(vantages && { vantages }),
    };
    const fleet = { plans, instances: [entry.instance], ...known };
    return checkPromises(fleet)
      .filter(({ status }) => status === "broken")
      .map((line) => ({ path: pathOf(line, entry), message: messageOf(line), kind: "promise" }));
  });
}

function messageOf({ instance, plan, promise, promised, achievable, change }: PromiseLine): string {
  const sold = `${instance} is sold ${plan}: ${promise}`;
  if (/^(residency|backups)/.test(promise)) return `${sold}: ${change}`;
  const needs = achievable === undefined ? "" : `, this configuration takes ${achievable}`;
  return `${sold} ${promised}${needs}; ${change}`;
}

/** A number of a preset cannot be changed, so the instance's choice of plan is shown instead. */
function pathOf({ where, plan }: PromiseLine, { index }: Entry): Path {
  const { of, path }: Where = where ?? { of: "instance", path: [] };
  switch (of) {
    case "fleet":
      return path;
    case "instance":
      return ["instances", index, ...path];
    case "plan":
      return Object.hasOwn(PRESETS, plan) ? ["instances", index, "plan"] : ["plans", plan, ...path];
    default:
      return of satisfies never;
  }
}
