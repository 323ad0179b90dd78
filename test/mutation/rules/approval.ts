import type { Mutation } from "../mutation.ts";

export const APPROVAL: readonly Mutation[] = [
  {
    name: "a failover goes on because it was woken",
    file: "functions/failover/approve.ts",
    find: 'case "open":\n      return awaitsAnswer(',
    replace: 'case "open":\n      return String(',
    scenario: {
      file: "approval",
      title: "does not go on because it was woken: only an answer lets it",
    },
  },
  {
    name: "the last answer counts",
    file: "functions/approval/settle.ts",
    find: 'if (found.value.state !== "open") return',
    replace: 'if (found.value.state === "expired") return',
    scenario: {
      file: "approval",
      title: "is decided by whoever is first; the second learns of it",
    },
  },
  {
    name: "what was found before people were asked still counts after their answer",
    file: "functions/failover/admit.ts",
    find: "if (!(await wasWaitedFor(world, fit))) return",
    replace: 'if (fit.id !== "") return',
    scenario: { file: "approval", title: "is not for a database that came back without its page" },
  },
  {
    name: "a person who began it is asked as well",
    file: "functions/failover/person.ts",
    find: 'failover === "approval" && trigger !== "person"',
    replace: 'failover === "approval" && trigger !== undefined',
    scenario: {
      file: "approval",
      title: "asks nobody where a person began it, and nobody where failover is automatic",
    },
  },
];
