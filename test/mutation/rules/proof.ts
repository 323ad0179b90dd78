import type { Mutation } from "../mutation.ts";

const scenario = (title: string) => ({ file: "failover-refusals", title });
const FILE = "functions/failover/gate.ts";
const lying = (part: string) =>
  scenario(`a standby whose ${part} does not say promoted is never flipped to`);

export const PROOF: readonly Mutation[] = [
  {
    name: "the gate opens without a proof write",
    file: FILE,
    find: "  const result = await world.sql.ask<ProofWrite>(",
    replace:
      "  if (said.answered) return { seen: { endpoint: target.host, at: said.reading.now } };\n  const result = await world.sql.ask<ProofWrite>(",
    scenario: scenario("a standby that refuses the proof write is never flipped to"),
  },
  {
    name: "the gate opens although the proof write is refused",
    file: FILE,
    find: "  if (result.ok) {",
    replace:
      "  if (!result.ok) return { seen: { endpoint: target.host, at: said.reading.now } };\n  if (result.ok) {",
    scenario: scenario("a standby that refuses the proof write is never flipped to"),
  },
  {
    name: "the gate does not ask whether it is in recovery",
    file: FILE,
    find: "if (said.reading.inRecovery) return",
    replace: "if (said.reading.now === undefined) return",
    scenario: scenario("a standby that is still in recovery is never flipped to"),
  },
  {
    name: "the gate does not look at the status",
    file: FILE,
    find: "if (!SERVING.has(status)) return",
    replace: 'if (status === "") return',
    scenario: lying("status"),
  },
  {
    name: "the gate does not look at the source",
    file: FILE,
    find: "if (source !== undefined) return",
    replace: 'if (source === "") return',
    scenario: lying("source"),
  },
  {
    name: "the gate does not look at the replication",
    file: FILE,
    find: "return replication.length > 0 ?",
    replace: "return replication.length < 0 ?",
    scenario: lying("replication"),
  },
];
