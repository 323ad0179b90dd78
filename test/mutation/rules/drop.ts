import type { Mutation } from "../mutation.ts";

const RULES = "functions/failover/drop-rules.ts";
const DELETE = "functions/failover/drop-delete.ts";
const LOOK = "functions/failover/drop-look.ts";
const dropping = (title: string) => ({ file: "drop-standby", title });

export const DROP: readonly Mutation[] = [
  {
    name: "a database that RDS calls no replica is deleted",
    file: RULES,
    find: "if (standby.source !== sourceName) {",
    replace: "if (standby.source === sourceName.repeat(2)) {",
    scenario: dropping("when somebody promoted it by hand"),
  },
  {
    name: "a server that says it is a primary is deleted",
    file: RULES,
    find: "if (standbySays.answered && !standbySays.reading.inRecovery)",
    replace: "if (standbySays.answered && !standby.status)",
    scenario: dropping("when RDS calls it a replica and it takes writes"),
  },
  {
    name: "a standby is deleted on the first look's word",
    file: RULES,
    find: "if (!isBelow(use, percent)) return",
    replace: "if (percent === 0) return",
    scenario: dropping("if enough is free again"),
  },
  {
    name: "a standby that streams in order is deleted",
    file: RULES,
    find: "return enough(belowPercent, sights) ?? keepsUp(sights);",
    replace: "return enough(belowPercent, sights);",
    scenario: dropping("if it streams and is not behind"),
  },
  {
    name: "a standby is deleted while its primary is dead",
    file: RULES,
    find: "if (!primarySays.answered) return",
    replace:
      "if (!primarySays.answered) return undefined;\n  if (primary.status === undefined) return",
    scenario: dropping("but not while its primary is dead: it may be all there is"),
  },
  {
    name: "nothing is looked at again right before it is deleted",
    file: DELETE,
    find: "if (stranger !== undefined) halt(",
    replace: "if (stranger === state.status) halt(",
    scenario: dropping("when somebody promoted it by hand after the roles were written"),
  },
  {
    name: "a standby is deleted in a status that may be its promotion",
    file: DELETE,
    find: "if (!rests(state)) notYet(",
    replace: "if (rests(state) && !seat) notYet(",
    scenario: dropping("when it begins to be promoted meanwhile: it waits, and sees a primary"),
  },
  {
    name: "a standby is deleted at once after the roles",
    file: DELETE,
    find: "  settled(world, roles);\n",
    replace: "",
    scenario: dropping(
      "is deleted a minute after the roles, so that a promotion asked for before shows",
    ),
  },
  {
    name: "a second look that leads nowhere keeps the lock",
    file: LOOK,
    find: "await releaseLock(world.ledgers(world.region), request.instance, execution, world.clock.now());",
    replace: "void [releaseLock, execution];",
    scenario: dropping(
      "a second look that is throttled is taken again, and holds no lock meanwhile",
    ),
  },
  {
    name: "the watch gives a standby up while its primary is not well",
    file: "functions/watch/drop-due.ts",
    find: 'entry?.epoch === roles.epoch && entry.incident.kind === "healthy";',
    replace: "entry?.epoch === roles.epoch;",
    scenario: { file: "watch-storage", title: "is left alone while its application is down" },
  },
  {
    name: "a standby that fetches all and applies nothing is in order",
    file: RULES,
    find: "if (byApplied && allocatedBytes !== undefined",
    replace: "if (!byApplied && allocatedBytes !== undefined",
    scenario: dropping(
      "of MariaDB is given up by a person, also one that fetches all and applies nothing",
    ),
  },
];
