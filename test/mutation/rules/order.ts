import type { Mutation } from "../mutation.ts";

const CONTRACT = "functions/failover/contract.ts";
const line = (state: string, step: string, by: string) =>
  `  { state: "${state}", step: "${step}", by: "${by}" },\n`;
const FENCE = line("Fence", "fence", "fence");
const DRAIN = line("Drain", "drain", "assess");
const PROMOTE = line("Promote", "promote", "promote");
const GATE = line("Gate", "gate", "promote");
const ROLES = line("Roles", "roles", "record");
const FLIP = line("Flip", "flip", "flip");

export const ORDER: readonly Mutation[] = [
  {
    name: "promote comes before the fence",
    file: CONTRACT,
    find: FENCE + DRAIN + PROMOTE,
    replace: PROMOTE + FENCE + DRAIN,
    scenario: { file: "failover-order", title: "is quarantined before anything is promoted" },
  },
  {
    name: "flip comes before the gate",
    file: CONTRACT,
    find: GATE + ROLES + FLIP,
    replace: ROLES + FLIP + GATE,
    scenario: {
      file: "failover-refusals",
      title: "a standby that refuses the proof write is never flipped to",
    },
  },
  {
    name: "flip comes before the roles",
    file: CONTRACT,
    find: ROLES + FLIP,
    replace: FLIP + ROLES,
    scenario: {
      file: "failover-order",
      title: "leaves the standby as primary under the next epoch, told to all three ledgers",
    },
  },
  {
    name: "a standby that is promoted is promoted again",
    file: "functions/failover/promote.ts",
    find: "source === undefined && replication.length === 0;",
    replace: 'source === "" && replication.length === 0;',
    scenario: { file: "failover-order", title: "changes nothing that once did not" },
  },
];
