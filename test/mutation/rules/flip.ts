import type { Mutation } from "../mutation.ts";

const BOTH = {
  file: "failover-order",
  title: "leads both answers to the new primary wherever they led before",
};
const RECORDS = "functions/failover/records.ts";
const PROVE = "functions/failover/prove.ts";
const proving = (title: string) => ({ file: "failover-goes-on", title });
const only = (role: string) =>
  `target: (record.failover?.role === "${role}" ? targets.get(record.name) : undefined) ?? record.target`;

export const FLIP: readonly Mutation[] = [
  {
    name: "only the PRIMARY record is written",
    file: RECORDS,
    find: "target: targets.get(record.name) ?? record.target",
    replace: only("PRIMARY"),
    scenario: BOTH,
  },
  {
    name: "only the SECONDARY record is written",
    file: RECORDS,
    find: "target: targets.get(record.name) ?? record.target",
    replace: only("SECONDARY"),
    scenario: BOTH,
  },
  {
    name: "a change that is not in sync is proof enough",
    file: PROVE,
    find: "if (change !== undefined && !(await signpost.isInSync(change))) {",
    replace: 'if (change === "") {',
    scenario: proving("waits for the change to be in sync"),
  },
  {
    name: "one name server is proof enough",
    file: PROVE,
    find: "if (wrong) return { missing: wrong };",
    replace: "if (wrong && answers.every((each) => each.length > 0)) return { missing: wrong };",
    scenario: proving("waits for every authoritative server"),
  },
  {
    name: "no page has to be good",
    file: PROVE,
    find: 'return verdict === "up"',
    replace: 'return verdict !== "unknown"',
    scenario: proving("is not done before a majority of the vantages gets a good page"),
  },
  {
    name: "a cell is led over before all its members are promoted",
    file: "functions/failover/raise.ts",
    find: "if (behind.length > 0) {",
    replace: "if (behind.length > 99) {",
    scenario: {
      file: "cell-flags",
      title: "stays down while a member would be led to a standby",
    },
  },
  {
    name: "a cell is led back before all its records are written",
    file: "functions/failover/lower-flag.ts",
    find: "if (others.length > 0) {",
    replace: "if (others.length > 99) {",
    scenario: {
      file: "cell-flags",
      title: "stays up for all while the records of one cannot be written",
    },
  },
  {
    name: "records that a flag stands for are forgotten",
    file: "functions/failover/owe-records.ts",
    find: "await owe([ledgers(fleet.control)], debt).catch(passOver);",
    replace: "",
    scenario: {
      file: "failover-stop",
      title: "leaves the records as a debt in this site and at control",
    },
  },
  {
    name: "who has left keeps the flag of a cell down",
    file: "functions/failover/raise.ts",
    find: "if (roles?.leftAt !== undefined) continue;",
    replace: "",
    scenario: { file: "cell-flags", title: "is not kept down by a member that has left" },
  },
];
