import type { Mutation } from "../mutation.ts";

export const FRESH_DUMPS: readonly Mutation[] = [
  {
    name: "a backup for a dump alone counts as one that was sold",
    file: "lib/sla/backups/shelf.ts",
    find: " && !isFresh(backup)",
    replace: "",
    scenario: {
      file: "fresh-dump",
      title: "is made of one backup, one copy and one restore, within hours, though nobody waits",
    },
  },
  {
    name: "a failed fresh dump is tried again and again",
    file: "lib/sla/backups/fresh-stage.ts",
    find: 'if (hasEnded(here)) return isRefuted(here) ? "refuted" : "frozen";',
    replace: 'if (hasEnded(here)) return isRefuted(here) ? "there" : "frozen";',
    scenario: {
      file: "fresh-dump",
      title: "that fails its restore is told, and is not tried again",
    },
  },
  {
    name: "what left is backed up and rotated all the same",
    file: "functions/reconcile/pass.ts",
    find: " || now.leftAt !== undefined",
    replace: "",
    scenario: {
      file: "leaving",
      title:
        "of an instance that has left nothing is taken, copied, tested or deleted, and nobody is told",
    },
  },
];
