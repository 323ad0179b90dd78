import { imagePlanOf } from "./backups/images.ts";
import type { Finding, Sold } from "./check.ts";
import { machineOf } from "./version-promises.ts";

/** A line where it is sold that machines are started from images. */
export function imageTestPromises({ instance, plan }: Sold): readonly Finding[] {
  const { imageTests, backups } = plan;
  if (!imageTests) return [];
  const every = `every ${imageTests.every}`;
  const line = {
    ...({ promise: "image tests", covers: "application" } as const),
    ...{ promised: every, achievable: every },
  };
  if (imagePlanOf(backups)) {
    return [{ ...line, status: "kept", ...machineOf(instance, instance.home) }];
  }
  const change = "sell images as well (backups.instanceVersions): there is nothing to start";
  const where = { of: "plan", path: ["backups"] } as const;
  return [{ ...line, status: "broken", change, where }];
}
