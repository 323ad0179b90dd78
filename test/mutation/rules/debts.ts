import type { Mutation } from "../mutation.ts";

const scenario = (title: string) => ({ file: "fence-debts", title });
const CLAIM = "functions/failover/claim.ts";

export const DEBTS: readonly Mutation[] = [
  {
    name: "a debt is paid before the roles have changed",
    file: CLAIM,
    find: 'if (roles.epoch <= epoch) return "undecided";',
    replace: "",
    scenario: scenario(
      "is left alone before the roles have changed: the promotion may still be given up",
    ),
  },
  {
    name: "the primary of today is fenced for a debt of yesterday",
    file: CLAIM,
    find: "seat.region === region && seat.database === database)",
    replace: 'seat.region === region && seat.database === "")',
    scenario: scenario("is void when its database is the primary again"),
  },
  {
    name: "a ledger that does not answer is passed over",
    file: "functions/failover/pay-fence.ts",
    find: "const roles = await rolesForSure(world, instance);",
    replace:
      "const roles = await rolesForSure({ ...world, fleet: { ...world.fleet, control: world.region } }, instance);",
    scenario: scenario("waits while a ledger that might know newer roles does not answer"),
  },
  {
    name: "a site does not ask others what it owes",
    file: "functions/failover/debts-here.ts",
    find: "sites.filter((each) => each !== site).map(debtsIn)",
    replace: "sites.filter((each) => each === site).map(debtsIn)",
    scenario: scenario("is paid by eu-central-2 in the first round after the region's return"),
  },
  {
    name: "each site that pays says so",
    file: "functions/failover/debt-copies.ts",
    find: "if (!(await write(first, key, revised))) return undefined;",
    replace: "await write(first, key, revised);",
    scenario: scenario("is paid once although all sites pay at once, and one mail says so"),
  },
  {
    name: "each site that pays reboots",
    file: "functions/failover/reboot-once.ts",
    find: 'if (!ours) return "wrong-state";',
    replace: "",
    scenario: scenario("are not rebooted again each minute"),
  },
  {
    name: "a fence that was paid is never looked at again",
    file: "functions/failover/claim.ts",
    find: "isUntold(debt, site) || isToBeLookedAt(debt, instant);",
    replace: "isUntold(debt, site);",
    scenario: scenario(
      "is owed again when somebody took it off, told, and paid with the next round",
    ),
  },
];
