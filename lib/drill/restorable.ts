import { DescribeDBInstanceAutomatedBackupsCommand } from "@aws-sdk/client-rds";
import type { Instance } from "../sla/fleet.ts";
import { eventually } from "./eventually.ts";
import type { Fault } from "./faults.ts";
import { thirdSites } from "./places.ts";
import type { Stage } from "./stage.ts";

/** Copies of a fleet that has just been deployed are made one after the other. */
const WITHIN_MS = 240_000;
const LOOK_MS = 250;

/** Waits until there is something from which a fault can be made good: a night later there always is. */
export async function canBeRestored(
  stage: Stage,
  { restores }: Fault,
  victim: Instance,
  progress: (line: string) => void,
): Promise<void> {
  if (restores === undefined) return;
  const what = WANTED[restores];
  progress(`waiting for ${what}`);
  await eventually(what, WITHIN_MS, () => LOOK[restores](stage, victim), { pollMs: LOOK_MS });
}

type Restores = NonNullable<Fault["restores"]>;

const WANTED: Readonly<Record<Restores, string>> = {
  "the newest": "a copy of its backup in a third site",
  "just before": "the first logs of its primary that RDS keeps",
};

const LOOK: Readonly<
  Record<Restores, (stage: Stage, victim: Instance) => Promise<unknown> | unknown>
> = {
  "the newest": copyThere,
  "just before": logsReach,
};

function copyThere({ fleet, cloud }: Stage, victim: Instance) {
  const places = thirdSites(fleet, victim);
  return cloud.ground.log
    .of("StatusChanged")
    .find(
      ({ region, service, detail }) =>
        service === "rds" &&
        detail["to"] === "available" &&
        places.includes(region) &&
        String(detail["snapshot"] ?? "").startsWith(`sla-${victim.id}-`),
    );
}

/** To which instant the primary can be brought back at home by now; undefined: RDS keeps nothing of it yet. */
export async function logsReach(
  { estate }: Stage,
  { home, database }: Instance,
): Promise<Date | undefined> {
  const { DBInstanceAutomatedBackups = [] } = await estate.aws
    .rds(home)
    .send(
      new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: database.primary }),
    );
  return DBInstanceAutomatedBackups[0]?.RestoreWindow?.LatestTime;
}
