import type { Mutation } from "../mutation.ts";

const scenario = (title: string) => ({ file: "failover-fence", title });
const FILE = "functions/failover/fence.ts";
const ISOLATE = "functions/failover/isolate.ts";

export const FENCE: readonly Mutation[] = [
  {
    name: "the fence is said to be on and nothing is done",
    file: FILE,
    find: "await isolated(world, fit, instance);",
    replace:
      'await Promise.resolve<FenceOutcome>({ kind: "quarantined", ended: 0, rebooted: false });',
    scenario: scenario("a primary that comes back after the promotion acknowledges nothing"),
  },
  {
    name: "the network is never changed",
    file: "functions/failover/fence-groups.ts",
    find: "const answer = await fence.admitOnly(seat, groups).catch(",
    replace:
      'const answer = await Promise.resolve("accepted" as "accepted" | "wrong-state").catch(',
    scenario: scenario("a primary that comes back after the promotion acknowledges nothing"),
  },
  {
    name: "sessions opened before the quarantine go on",
    file: ISOLATE,
    find: "const first = await sever(world, old);",
    replace: 'const first = { kind: "severed", ended: 0, left: 0 } as Cut;',
    scenario: scenario("sessions that were open before the quarantine are ended"),
  },
  {
    name: "nothing is rebooted",
    file: ISOLATE,
    find: 'if (first.kind === "silent" && !old.answered) {',
    replace: 'if (first.kind !== "severed" && !(old.answered && first.kind === "silent")) {',
    scenario: scenario(
      "a primary that hangs is rebooted, because its sessions would go on when it wakes",
    ),
  },
  {
    name: "the quarantine is not verified",
    file: ISOLATE,
    find: "return !state || hasOnly(state, quarantine)",
    replace: "return !state || quarantine.length > 0",
    scenario: scenario("a quarantine that does not come into force promotes nothing"),
  },
  {
    name: "groups on their way out are taken for gone",
    file: "functions/failover/fence-groups.ts",
    find: "state.groups.length === groups.length && state.groups.every(({ id }) => groups.includes(id));",
    replace: "groups.every((group) => state.groups.some(({ id }) => id === group));",
    scenario: scenario("a group that is still there beside the quarantine promotes nothing"),
  },
  {
    name: "a fence that was refused is passed over",
    file: FILE,
    find: 'if (cut.kind !== "silent" && cut.kind !== "closed") {',
    replace: 'if (cut.kind === "unsure" && cut.because === "") {',
    scenario: scenario(
      "a status that refuses while something answers stops before anything is promoted",
    ),
  },
  {
    name: "a fence that cannot be set is not owed",
    file: FILE,
    find: 'if (outcome.kind === "debt") await oweFence(world, fit, outcome.because);',
    replace: "",
    scenario: scenario(
      "a home region that does not answer leaves a fence debt and ledgers to be told",
    ),
  },
];
