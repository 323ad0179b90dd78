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
    file: "functions/failover/fit-again.ts",
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
  {
    name: "opening a link decides",
    file: "functions/approval/answer.ts",
    find: 'if (method !== "POST") return',
    replace: 'if (method === "PUT") return',
    scenario: { file: "approval-links", title: "do nothing when a mail scanner opens them all" },
  },
  {
    name: "a link is signed for either answer",
    file: "functions/approval/contract.ts",
    find: "const what = [action, instance,",
    replace: "const what = [instance,",
    scenario: { file: "approval-links", title: "are not accepted for the other answer" },
  },
  {
    name: "a link outlives the roles it is about",
    file: "functions/approval/answer.ts",
    find: "if (roles?.epoch !== epoch) return",
    replace: "if (roles === undefined) return",
    scenario: { file: "approval-links", title: "are of no use once the roles have changed" },
  },
  {
    name: "a link outlives its time",
    file: "functions/approval/answer.ts",
    find: "if (clock.now().getTime() >= Date.parse(until)) return",
    replace: "if (until === instance) return",
    scenario: { file: "approval-links", title: "are of no use when the time is up" },
  },
];
