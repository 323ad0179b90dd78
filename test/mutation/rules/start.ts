import type { Mutation } from "../mutation.ts";

const DECISION = "lib/sla/recovery-decision.ts";

export const START: readonly Mutation[] = [
  {
    name: "every start has a name of its own",
    file: "functions/failover/contract.ts",
    find: "`.slice(0, 80);",
    replace: "`.concat(String(Math.random())).slice(0, 80);",
    scenario: {
      file: "watch-invocations",
      title: "starts one execution although the answer to its start was lost",
    },
  },
  {
    name: "a failure that control has named too is failed over a second time",
    file: "lib/sla/incident-state.ts",
    find: 'if (own.kind !== "down" || own.startedEpoch === undefined) return later;',
    replace: 'if (own.kind !== "down" || own.incident !== "") return later;',
    scenario: {
      file: "watch-owners",
      title: "starts no second failover when control names the same failure by a later round",
    },
  },
  {
    name: "a site that watches in another's stead starts failovers",
    file: DECISION,
    find: 'return mayStart ? { kind: "due" }',
    replace: 'return mode !== "alert-only" ? { kind: "due" }',
    scenario: {
      file: "watch-owners",
      title: "lets control watch in the stead of a silent owner, and tell, but start nothing",
    },
  },
  {
    name: "maintenance does not hold a failover back",
    file: DECISION,
    find: "if (held && primaryRegionAnswers)",
    replace: "if (held && held.until === '')",
    scenario: {
      file: "maintenance",
      title: "holds its failover back, tells so once, and begins it when the window is over",
    },
  },
  {
    name: "maintenance holds back the failover of a lost region",
    file: DECISION,
    find: "if (held && primaryRegionAnswers)",
    replace: "if (held)",
    scenario: {
      file: "maintenance",
      title: "holds nothing back where the home region is lost",
    },
  },
  {
    name: "every shard mails of the region that it finds lost",
    file: "functions/watch/region-watch.ts",
    find: "(claims?.[region]?.by ?? shard) === shard;",
    replace: 'shard !== "" || claims?.[region] === undefined;',
    scenario: {
      file: "region-storm",
      title: "mail once for each time it is lost",
    },
  },
  {
    name: "an instance that only alerts is failed over",
    file: DECISION,
    find: 'if (mode === "alert-only") return',
    replace: "if (mode === undefined) return",
    scenario: {
      file: "watch-owners",
      title: "tells a person and starts nothing where failover is alert-only",
    },
  },
];
