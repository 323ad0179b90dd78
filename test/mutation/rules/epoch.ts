import type { Mutation } from "../mutation.ts";

const scenario = (title: string) => ({ file: "failover-refusals", title });
const ROLES = "functions/failover/roles.ts";

export const EPOCH: readonly Mutation[] = [
  {
    name: "admit takes any epoch",
    file: "functions/failover/admit.ts",
    find: "if (roles.epoch === request.epoch) return",
    replace: "if (roles.epoch >= request.epoch) return",
    scenario: scenario("an overtaken epoch stops"),
  },
  {
    name: "admit believes its own ledger alone",
    file: "functions/failover/roles-now.ts",
    find: "new Set([here.region, home, standby ?? home, here.fleet.control]);",
    replace: "new Set([here.region, home, standby ?? home]);",
    scenario: scenario("a higher epoch known to any ledger that answers stops"),
  },
  {
    name: "the lowest epoch wins",
    file: "functions/failover/roles-now.ts",
    find: ".toSorted(byAuthority)[0];",
    replace: ".toSorted((a, b) => byAuthority(b, a))[0];",
    scenario: scenario("a higher epoch known to any ledger that answers stops"),
  },
  {
    name: "what happened during an approval is not asked about",
    file: "functions/failover/admit.ts",
    find: "if (roles.epoch !== before.epoch)",
    replace: "if (roles.epoch < before.epoch)",
    scenario: scenario("an epoch overtaken before the fence changes nothing"),
  },
  {
    name: "roles are written over a higher epoch",
    file: ROLES,
    find: "if (found && found.epoch >= proposed.epoch) return undefined;",
    replace: "",
    scenario: scenario("an epoch overtaken in the middle is not written over"),
  },
  {
    name: "a write that lost its race counts as done",
    file: "functions/ledger/written.ts",
    find: "if (done) return value;",
    replace: "if (done || entry) return value;",
    scenario: scenario("an epoch overtaken between reading and writing stops"),
  },
  {
    name: "the watch acts on roles that changed while it looked",
    file: "functions/watch/pass.ts",
    find: "roles.get(subject.instance.id)?.epoch === subject.roles.epoch;",
    replace: "roles.has(subject.instance.id);",
    scenario: {
      file: "watch-owners",
      title: "tells and starts nothing on roles that changed while it looked",
    },
  },
];
