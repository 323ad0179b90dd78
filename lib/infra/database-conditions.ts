import type { databaseArns } from "../sla/database-arns.ts";
import { DATABASE_TAGS } from "../sla/database-tags.ts";

/*
 * RDS knows aws:ResourceTag of databases and aws:RequestTag of what tags them, also while they are made
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_rds.html).
 */

/** Nothing of ours takes tags off, and none that changes a database by its tag may give it one under any name. */
export const ifKept = ({ byTag }: Pick<ReturnType<typeof databaseArns>, "byTag">) =>
  byTag ? { StringEquals: { [`aws:ResourceTag/${DATABASE_TAGS.kept}`]: "true" } } : undefined;

/** Whatever its name. */
export const IF_STANDBY = {
  StringEquals: { [`aws:ResourceTag/${DATABASE_TAGS.standby}`]: "true" },
} as const;

/** Of what is made as one of ours, with these tags at most. */
export const taggedAsKept = (...others: readonly string[]) => ({
  StringEquals: { [`aws:RequestTag/${DATABASE_TAGS.kept}`]: "true" },
  "ForAllValues:StringEquals": { "aws:TagKeys": [DATABASE_TAGS.kept, ...others] },
});
