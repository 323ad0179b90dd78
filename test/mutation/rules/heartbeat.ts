import type { Mutation } from "../mutation.ts";

const watching = (title: string) => ({ file: "watch-heartbeat", title });
const refusing = (title: string) => ({ file: "failover-refusals", title });
const SIGN = "functions/watch/sign-of-life.ts";
const DECISION = "lib/sla/recovery-decision.ts";

export const HEARTBEAT: readonly Mutation[] = [
  {
    name: "the watch does not look at heartbeats",
    file: "functions/watch/judge.ts",
    find: "database: signOfLife(pulses),",
    replace: 'database: pulses.slot === "" ? signOfLife(pulses) : "silent",',
    scenario: watching(
      "alerts and never promotes while the application is down and the heartbeat advances",
    ),
  },
  {
    name: "the watch passes over a heartbeat that advances",
    file: SIGN,
    find: 'if (advances(pulses) || sendsLog(pulses)) return "advancing";',
    replace: "",
    scenario: watching(
      "never promotes while a heartbeat advances on the standby, however old it is",
    ),
  },
  {
    name: "the watch passes over a primary that answers",
    file: SIGN,
    find: 'if (primary.kind === "answered" && !primary.reading.inRecovery) return "advancing";',
    replace: "",
    scenario: watching("never promotes while the primary itself still answers, heartbeat or not"),
  },
  {
    name: "the watch takes a refusal for silence",
    file: SIGN,
    find: 'if (primary.kind === "refused" || primary.kind === "answered") return "unknown";',
    replace: "",
    scenario: watching("never promotes while something at the primary's address says no"),
  },
  {
    name: "a heartbeat nobody could read is taken for death",
    file: DECISION,
    find: 'database === "silent" || (database === "unknown" && !primaryRegionAnswers);',
    replace: 'database === "silent" || database === "unknown" || !primaryRegionAnswers;',
    scenario: watching("never promotes while something at the primary's address says no"),
  },
  {
    name: "RDS is not given the time of its own failover",
    file: DECISION,
    find: 'if (!multiAzHadItsTime(state, round, rules)) return { kind: "wait" };',
    replace: "",
    scenario: watching("gives RDS its own failover's time before anything crosses regions"),
  },
  {
    name: "preflight does not look at heartbeats",
    file: "functions/failover/heartbeat.ts",
    find: "beats || log.isAlive",
    replace: "beats && !beats",
    scenario: refusing("a heartbeat that advances never promotes"),
  },
  {
    name: "preflight does not ask the primary for a write",
    file: "functions/failover/preflight.ts",
    find: "const alive = await refuseLiveHeart(world, instance, examined);",
    replace: 'const alive = "";',
    scenario: refusing(
      "a primary that still commits is never promoted away, even if its heartbeat is silent",
    ),
  },
];
