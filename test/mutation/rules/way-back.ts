import type { Mutation } from "../mutation.ts";

const DRAIN = "functions/failover/drain-fully.ts";
const STREAM = "functions/failover/reprotect-stream.ts";
const READY = "functions/failover/reprotect-ready.ts";
const CLAIM = "functions/failover/reprotect-claim.ts";
const planned = (title: string) => ({ file: "planned-failover", title });
const reprotect = (title: string) => ({ file: "reprotect", title });

export const WAY_BACK: readonly Mutation[] = [
  {
    name: "as many standbys are built at once as anybody asks for",
    file: READY,
    find: "await awaitTurn(world, planned);",
    replace: "",
    scenario: reprotect("while as many as RDS copies at once are built there; then it is its turn"),
  },
  {
    name: "a planned failover does not wait for the position",
    file: DRAIN,
    find: "if (replayedLsn === undefined || !hasReached(replayedLsn, position)) {",
    replace: "if (replayedLsn === undefined) {",
    scenario: planned("if the standby does not reach the position in time"),
  },
  {
    name: "a planned failover does not wait for the row behind the fence",
    file: DRAIN,
    find: "seen && seen.sequence >= beat.sequence",
    replace: "seen",
    scenario: planned("if the row behind the position is not seen, whatever the positions say"),
  },
  {
    name: "a planned failover reads the position while clients are connected",
    file: DRAIN,
    find: "if (sessions > 0) return",
    replace: "if (sessions > 1) return",
    scenario: planned("if a session of a client comes back behind the fence"),
  },
  {
    name: "the watch may plan",
    file: "functions/failover/planned.ts",
    find: 'trigger === "person" && planned === true;',
    replace: 'trigger !== "person" || planned === true;',
    scenario: planned("is planned by a person only: the watch's word for it is not heard"),
  },
  {
    name: "a new standby is believed before it shows a row",
    file: STREAM,
    find: "beat && beat.sequence >= written.sequence",
    replace: "beat",
    scenario: reprotect("before a row that the new primary has committed since is read on it"),
  },
  {
    name: "a new standby is built while the fence is owed",
    file: READY,
    find: '(debt) => debt?.state === "owed"',
    replace: '(debt) => debt?.state === "paid"',
    scenario: reprotect(
      "while the fence is owed: nothing is built beside an old primary that takes writes",
    ),
  },
  {
    name: "a reprotect goes on over a newer epoch",
    file: CLAIM,
    find: "if (roles.epoch === request.epoch || isOurs(roles, request, seat)) return roles;",
    replace: "if (roles.epoch >= request.epoch || isOurs(roles, request, seat)) return roles;",
    scenario: reprotect(
      "before reprotect-build: it ends without another change, a mail or an alarm",
    ),
  },
  {
    name: "clients are kept out for a standby that is minutes late",
    file: "functions/failover/planned.ts",
    find: "if (here.answered) keepsUp(",
    replace: "if (!here.answered) keepsUp(",
    scenario: planned(
      "where the standby streams and is minutes late: clients would wait for nothing: HaltNotDrained",
    ),
  },
];
