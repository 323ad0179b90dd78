import { tagsOf } from "../../../lib/sla/backups/catalogue.ts";
import { logTags } from "../../../lib/sla/backups/log-book.ts";
import { STANDBY_TAGS } from "../../../lib/sla/database-tags.ts";

/** Every tag that this product gives, as it gives it. */
export const NOTES: readonly (readonly [key: string, value: string])[] = Object.entries({
  ...STANDBY_TAGS,
  ...tagsOf({ instance: "acme", schedules: ["1d", "1w"], tickMs: 0, epoch: 2 }),
  ...logTags("acme"),
  "hosting-sla:ttl": "database=3600 app=300 since=2026-11-23T08:00:00.000Z",
  "sla:recovery": "rc-acme-e1-20261121100000000",
  "sla:restore-test": "rt-20261121-sla-acme-20261121t040000z",
  "sla:until": "2026-11-21T14:00:00.000Z",
});
