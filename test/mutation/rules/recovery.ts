import type { Mutation } from "../mutation.ts";

const recover = (title: string) => ({ file: "recover", title });
const LOCK = "functions/failover/recover-lock.ts";
const ADMIT = "functions/failover/recover-admit.ts";

export const RECOVERY: readonly Mutation[] = [
  {
    name: "a recovery waits for a new standby that waits for a lost region",
    file: LOCK,
    find: "request.instance, execution, isBuilding);",
    replace: "request.instance, execution);",
    scenario: recover(
      "not for a new standby that is being built, and waits for a region: its lock is taken over",
    ),
  },
  {
    name: "a recovery takes every lock",
    file: LOCK,
    find: "request.instance, execution, isBuilding);",
    replace: "request.instance, execution, () => true);",
    scenario: recover("while a failover has the lock, in the ledger of the instance's owner"),
  },
  {
    name: "a new standby that has lost its lock to a recovery calls for a person",
    file: "functions/failover/reprotect-claim.ts",
    find: 'throw new SlaError(OVERTAKEN, "operator", message, { cause });',
    replace: "throw cause;",
    scenario: {
      file: "reprotect",
      title: "gives way without a word to a recovery that has taken its lock",
    },
  },
  {
    name: "an instance that answers again is replaced by what was restored",
    file: ADMIT,
    find: 'return haltUnlessAccepted(request, "HaltRecovered", ',
    replace: "return String(",
    scenario: recover(
      "when the region answers again before anything of it is touched; going on restores nothing again",
    ),
  },
];
