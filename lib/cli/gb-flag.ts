import type { Sizing } from "../sla/backups/storage.ts";
import { UserError } from "./user-error.ts";

/** As much as RDS gives one PostgreSQL database. */
const MOST_GB = 65_536;

export const gbFlag = (flag: string) => (text: string) => {
  const gb = text.trim() === "" ? Number.NaN : Number(text);
  if (gb >= 0 && gb <= MOST_GB) return gb;
  throw new UserError(`${flag}: expected GB from 0 to ${MOST_GB}, like 20, got '${text}'`);
};

/** A fiftieth a day is much for a business application. */
const USUAL_CHANGE = 0.02;

interface Sizes {
  readonly size: number;
  readonly dailyChange?: number;
}

/** Throws UserError where more changes than there is. */
export function databaseSizing({ size, dailyChange = size * USUAL_CHANGE }: Sizes): Sizing {
  if (dailyChange <= size) return { sizeGb: size, dailyChangeGb: dailyChange };
  throw new UserError(`--daily-change: expected at most the size, ${size} GB, got ${dailyChange}`);
}
