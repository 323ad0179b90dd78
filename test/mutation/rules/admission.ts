import type { Mutation } from "../mutation.ts";

const stopping = (when: string) => ({ file: "failover-refusals", title: `stops when ${when}` });
const LOCK = "functions/failover/lock.ts";

export const ADMISSION: readonly Mutation[] = [
  {
    name: "a lock that is held is taken",
    file: LOCK,
    find: "if (Date.parse(until) > clock.now().getTime()) {",
    replace: "if (Date.parse(until) === clock.now().getTime()) {",
    scenario: stopping("another execution holds the lock"),
  },
  {
    name: "a lease that is over is enough to take the lock",
    file: LOCK,
    find: "if (await executions.isRunning(by)) {",
    replace: "if (executions === undefined) {",
    scenario: stopping("the lease is over but its owner still runs"),
  },
  {
    name: "maintenance does not stop a failover that is begun in it",
    file: "functions/failover/held.ts",
    find: 'return haltUnlessAccepted(\n    request,\n    "HaltMaintenance",',
    replace: "return String(",
    scenario: { file: "maintenance", title: "by the watch halts" },
  },
  {
    name: "maintenance stops the failover of a region that does not answer",
    file: "functions/failover/held.ts",
    find: 'if (!said.answered && said.kind === "region") return "";',
    replace: "",
    scenario: { file: "maintenance", title: "goes on where the home region does not answer" },
  },
  {
    name: "an instance that answers again is failed over",
    file: "functions/failover/admit.ts",
    find: 'return haltUnlessAccepted(request, "HaltRecovered", ',
    replace: "return String(",
    scenario: stopping("the instance answers again"),
  },
  {
    name: "a standby that is too far behind is promoted",
    file: "functions/failover/preflight.ts",
    find: "if (lostMs <= clock.paced(limit.seconds)) return undefined;",
    replace: "if (lostMs > 0) return undefined;",
    scenario: stopping("the standby is further behind than the plan's RPO"),
  },
  {
    name: "failovers follow each other at once",
    file: "functions/failover/admit.ts",
    find: "if (request.continues || !byFailover ||",
    replace: "if (byFailover ||",
    scenario: {
      file: "failover-goes-on",
      title: "needs a person for a second failover soon after the first",
    },
  },
  {
    name: "the watch takes halts upon itself",
    file: "functions/failover/errors.ts",
    find: 'if (trigger !== "person" || !accept?.includes(code)) return',
    replace: "if (trigger === undefined || !accept?.includes(code)) return",
    scenario: { file: "failover-goes-on", title: "takes no acceptance from the watch" },
  },
  {
    name: "log that is received and not replayed is taken for lost",
    file: "functions/failover/catch-up.ts",
    find: 'if ("missing" in sight && isReplaying && isPatient) notYet(sight.missing);',
    replace: 'if ("missing" in sight && isReplaying && !isPatient) notYet(sight.missing);',
    scenario: {
      file: "late-replay",
      title: "is no loss: it is waited for until the rest is within the limit, then promoted",
    },
  },
];
