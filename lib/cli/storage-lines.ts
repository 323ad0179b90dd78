import { hanging } from "../operator/hanging.ts";
import { PRICES } from "../sla/backups/prices.ts";
import type { Storage } from "../sla/backups/storage.ts";

/** What the backups take, and what that costs a month; at most 80 columns. */
export function storageLines(storage: Storage): readonly string[] {
  const { sizeGb, dailyChangeGb, places, transferGb, transferDollars, dollars } = storage;
  return [
    ...hanging(
      "  ",
      `Estimated for a database of ${gb(sizeGb)} of which ${gb(dailyChangeGb)} change a day, without files:`,
    ),
    ...places.map(
      (place) =>
        `    ${`${place.name}, ${place.medium}`.padEnd(34)} ${gb(place.gb).padStart(11)} ${money(place.dollars).padStart(10)} a month`,
    ),
    `    ${"sent between regions".padEnd(34)} ${gb(transferGb).padStart(11)} ${money(transferDollars).padStart(10)} a month`,
    ...hanging(
      "  ",
      `Together ${money(dollars)} a month at prices of ${PRICES.region} of ${PRICES.asOf}. ${ALLOWANCE}`,
    ),
  ];
}

/** https://aws.amazon.com/rds/postgresql/pricing/ */
export const ALLOWANCE =
  "Not subtracted: RDS stores for nothing as much as the region's databases have allocated.";

export const gb = (amount: number) => `${amount.toFixed(amount < 10 ? 1 : 0)} GB`;
export const money = (dollars: number) => `$${dollars.toFixed(2)}`;
