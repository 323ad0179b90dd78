import {
  LEAST_LOSS_BY_LOGS_SECONDS,
  logPlacesOf,
  lossByBackupsSeconds,
  sellsLess,
} from "./backups/log-demand.ts";
import type { Finding, Sold } from "./check.ts";
import { formatDuration } from "./duration.ts";
import { describeRegion } from "./regions.ts";

type Part = Pick<Finding, "achievable" | "restsOn" | "change" | "where"> &
  Partial<Pick<Finding, "status">>;

/** What a lost region costs an instance without a standby; empty where nobody can say. */
export function siteRpoByBackups({ instance, plan }: Sold): Part {
  const loss = lossByBackupsSeconds(plan);
  if (loss === undefined || plan.siteLoss?.rpoFrom === "newest-backup") return {};
  if (!sellsLess(plan)) return { achievable: formatDuration(loss) };
  const alone = `scheduled backups alone lose up to ${formatDuration(loss)}`;
  const [place] = logPlacesOf(instance, instance.home);
  if (place === undefined) {
    return {
      ...{ status: "broken", achievable: formatDuration(loss) },
      change: `name a region in copies that is not its home, so that RDS replicates its logs there, or back up more often: ${alone}`,
      where: { of: "instance", path: ["copies"] },
    };
  }
  return {
    achievable: formatDuration(LEAST_LOSS_BY_LOGS_SECONDS),
    restsOn: `only by logs that RDS replicates to ${describeRegion(place)}: ${alone}`,
  };
}
