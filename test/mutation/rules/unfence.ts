import type { Mutation } from "../mutation.ts";

const scenario = (title: string) => ({ file: "failover-fence", title });
const DEFINITION = "lib/infra/failover-definition.ts";
const FILE = "functions/failover/unfence.ts";

export const UNFENCE: readonly Mutation[] = [
  {
    name: "a stop before promote leaves the fence on",
    file: DEFINITION,
    find: "Catch: index < turn ? catchBefore(step) : catchAfter(step),",
    replace: 'Catch: index < turn ? [stop("Halted")] : catchAfter(step),',
    scenario: scenario("takes the fence off again"),
  },
  {
    name: "a stop after promote takes the fence off the old primary",
    file: FILE,
    find: 'if (promotion?.value.state === "asked" || !standby?.source) {',
    replace: "if (!standby?.source) {",
    scenario: scenario("leaves the fence on when the answer to the promotion was lost"),
  },
  {
    name: "a stop after promote goes the way of a stop before it",
    file: DEFINITION,
    find: ': [stop("Halted")];',
    replace: ': [stop("Unfence")];',
    scenario: scenario("leaves the fence on when the promotion is done"),
  },
  {
    name: "the debt of a fence that is not wanted any more stays",
    file: FILE,
    find: '"cancelled",',
    replace: '"owed" as "cancelled",',
    scenario: scenario("cancels the fence debt, so that nobody fences the primary later"),
  },
  {
    name: "a person who stops a failover is not heard",
    file: "functions/failover/abort.ts",
    find: "if (found?.value.execution !== execution) return;",
    replace: "if (!found || execution) return;",
    scenario: {
      file: "failover-abort",
      title: "before preflight promotes nothing and leaves no fence",
    },
  },
  {
    name: "a person who stops a failover is not heard once it is fenced",
    file: "functions/failover/promote.ts",
    find: 'if (asked?.state !== "asked") await haltIfAborted(world, fenced);',
    replace: "",
    scenario: {
      file: "failover-abort",
      title: "before promote promotes nothing and leaves no fence",
    },
  },
  {
    name: "a stop after the promotion was asked is heard all the same",
    file: "functions/failover/promote.ts",
    find: 'if (asked?.state !== "asked") await haltIfAborted(world, fenced);',
    replace: "await haltIfAborted(world, fenced);",
    scenario: {
      file: "failover-abort",
      title: "when the answer to the promotion was lost goes on as well",
    },
  },
];
