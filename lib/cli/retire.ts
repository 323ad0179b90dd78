import type { Command } from "commander";
import type { RetirePlan } from "../operator/retire-plan.ts";
import { fleetOf } from "./fleet-of.ts";
import { instanceIn } from "./instance-in.ts";
import { reasonOf, reasonToAct } from "./reason-flag.ts";
import { say } from "./say.ts";

interface RetireFlags {
  readonly fleet?: string;
  readonly reason?: string;
  readonly database?: string;
  readonly evenIfUnread?: true;
  readonly yes?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  const command = program
    .command("retire")
    .description("delete an old primary for good, but for a final snapshot")
    .argument("<id>", "the instance");
  reasonToAct<RetireFlags>(command, ({ yes }) => yes === true)
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--database <name>", "which, where there are several old primaries")
    .option("--even-if-unread", "though not all its tables were looked through for rows of its own")
    .option("--yes", "do it; without it, say what would be done")
    .option("--json", "print one JSON object instead of lines")
    .action(retire);
}

/** Sets no exit code but 0: whatever stands in the way is thrown as UserError (exit 1; 2 for bad input). */
async function retire(id: string, flags: RetireFlags): Promise<void> {
  const fleet = fleetOf(flags.fleet);
  const instance = instanceIn(fleet, id);
  const [{ accessTo }, { planRetirement }, work, { rdsRetirement }] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/retire-plan.ts"),
    import("../operator/retire.ts"),
    import("../operator/retirement.ts"),
  ]);
  const access = await accessTo(fleet, process.env);
  const { database, evenIfUnread = false } = flags;
  const wish = {
    reason: reasonOf(flags),
    evenIfUnread,
    ...(database !== undefined && { database }),
  };
  const plan = await planRetirement(access, instance, wish);
  const { yes = false, json } = flags;
  if (yes)
    await work.retire(
      access,
      rdsRetirement(access.clock),
      plan,
      json ? () => {} : (line) => say(line),
    );
  if (json) return say(JSON.stringify({ ...planJson(plan), retired: yes }));
  if (!yes) say(...outlook(plan), "Nothing is changed. With --yes it is.");
}

/** `status` of RDS before, `missing` where it is gone already; `divergent`: rows that its successor never had. */
const planJson = ({ instance, seat, state, snapshot, debts }: RetirePlan) => ({
  ...{ instance, region: seat.region, database: seat.database },
  status: state?.status ?? "missing",
  ...(state && { snapshot }),
  divergent: debts.flatMap(({ divergent }) => divergent ?? []),
});

function outlook({ seat, state, snapshot, debts }: RetirePlan): readonly string[] {
  const { database, region } = seat;
  if (!state) return [`${database} in ${region} is gone already; its debts would end as retired.`];
  const rows = debts.flatMap(({ divergent }) => divergent ?? []);
  return [
    `${database} in ${region}, ${state.status}, in quarantine:`,
    `  it would be deleted, and the snapshot ${snapshot} stay`,
    ...rows.map((found) => `  rows that its successor never had: ${found}`),
  ];
}
