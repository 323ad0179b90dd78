import type { Mutation } from "../mutation.ts";

const scenario = (title: string) => ({ file: "records-debts", title });
const STEPS = "functions/failover/rewriting.ts";

export const RECORDS: readonly Mutation[] = [
  {
    name: "a flag is lowered before the records are in sync",
    file: "functions/failover/rewrite-zone.ts",
    find: "return (await asked.isInSync(step.change))",
    replace: "return (await asked.isInSync(step.change)) || true",
    scenario: scenario(
      "keep the flag up while their change is not in sync, and are written again when it seems lost",
    ),
  },
  {
    name: "a flag is lowered while resolvers keep the old answer",
    file: STEPS,
    find: 'sinceMs < paced(ttlSeconds, TTL_FLOOR_MS) ? "await-caches" : "prove"',
    replace: 'sinceMs < paced(0 * ttlSeconds, 0 * TTL_FLOOR_MS) ? "await-caches" : "prove"',
    scenario: scenario("keep the flag up for a TTL after they are in sync"),
  },
  {
    name: "a flag is lowered although a name server answers the old primary",
    file: "functions/failover/rewrite-zone.ts",
    find: 'return wrong && isNewest ? outcomeOf(debt, "under way", wrong) : standing;',
    replace: 'return wrong === "" ? outcomeOf(debt, "under way", wrong) : standing;',
    scenario: scenario("keep the flag up while one name server answers the old primary"),
  },
  {
    name: "records of an older epoch are written over those of a newer one",
    file: "functions/failover/owing.ts",
    find: "isNewest: roles.epoch === debt.epoch",
    replace: "isNewest: roles.epoch >= debt.epoch",
    scenario: scenario("writes nothing once a later epoch has begun, and waits until that one has"),
  },
  {
    name: "one refused instance holds up its whole zone",
    file: "functions/failover/record-batches.ts",
    find: "if (half === batch.length || !isRefused(failure)) {",
    replace: "if (half <= batch.length || !isRefused(failure)) {",
    scenario: scenario("is halved when it is refused: one bad instance holds nobody else up"),
  },
  {
    name: "a new standby is pointed at while records are owed",
    file: "functions/failover/reprotect-signpost.ts",
    find: "await refuseWhileOwed(world, instance);\n  const { zone, names }",
    replace: "const { zone, names }",
    scenario: scenario(
      "is not pointed at before they are written: the payer would lead SECONDARY to the primary again",
    ),
  },
  {
    name: "roles name a standby though its records were owed since they were seen",
    file: "functions/failover/records-owed.ts",
    find: 'if (!newest || newest.state === "cancelled") return;',
    replace: 'if (!newest || newest.state !== "owed") return;',
    scenario: {
      file: "reprotect-records",
      title: "lead to it all the same if that was before reprotect-roles",
    },
  },
  {
    name: "what was written over while a change was kept waiting is not read again",
    file: "functions/failover/reprotect-signpost.ts",
    find: "signpost.after.filter((record) => differs(record, sameAnswer(record, found)))",
    replace: "signpost.after.filter(() => found.length < 0)",
    scenario: {
      file: "reprotect-records",
      title: "lead to it all the same if that was before reprotect-in-sync",
    },
  },
];
