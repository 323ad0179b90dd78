import { NOTIFY_FUNCTION } from "../../functions/notify/contract.ts";
import { PROBE_FUNCTION } from "../../functions/probe/contract.ts";
import { SQL_FUNCTION } from "../../functions/sql/contract.ts";
import { WEBHOOK_FUNCTION } from "../../functions/webhook/contract.ts";
import type { Arns } from "./arns.ts";
import { allow, deny } from "./bundled-function.ts";
import { clusterGrants } from "./cluster-grants.ts";
import { ifKept } from "./database-conditions.ts";

export type Common = ReturnType<typeof common>;

/** Permissions that several functions of a site have. */
export const common = (at: Arns, region: string) => ({
  readLedgers: [...readAll(at), deny(["s3:GetObject"], at.ledgers("/sealed/*"))],
  readSealed: [...readAll(at), deny(["s3:GetObject"], at.otherLedgers("/sealed/*"))],
  write: (...prefixes: readonly string[]) =>
    allow(
      ["s3:PutObject"],
      prefixes.flatMap((prefix) => at.ledgers(`/${prefix}/*`)),
    ),
  probe: invoke(at.functions(PROBE_FUNCTION, at.probing)),
  sql: invoke(at.functions(SQL_FUNCTION, at.sites)),
  sqlHere: invoke(at.functions(SQL_FUNCTION, [region])),
  notify: invoke(at.functions(NOTIFY_FUNCTION, [region])),
  // Mails that could not be handed over.
  keepMails: allow(["s3:PutObject"], [at.folder("unsent")]),
  webhook: invoke(at.functions(WEBHOOK_FUNCTION, [region])),
  dns: [changeRecords(at.zones), allow(["route53:GetChange"], ["arn:aws:route53:::change/*"])],
  seeCheck: allow(["route53:GetHealthCheckStatus"], ["arn:aws:route53:::healthcheck/*"]),
  fence: [
    allow(["rds:ModifyDBInstance", "rds:RebootDBInstance"], at.databases, ifKept(at)),
    ...clusterGrants(at).fence,
  ],
  // A list of a whole region has no narrower resource than all its databases.
  describe: [allow(["rds:DescribeDBInstances"], at.anyDatabase), ...clusterGrants(at).describe],
  describeInstances: allow(["rds:DescribeDBInstances"], at.anyDatabase),
  // With their tags, which RDS shows to whoever may list them.
  describeTagged: allow(["rds:DescribeDBInstances", "rds:ListTagsForResource"], at.anyDatabase),
});

export const changeRecords = (zones: readonly string[]) =>
  allow(
    ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:GetHostedZone"],
    zones,
  );

const readAll = (at: Arns) => [
  allow(["s3:GetObject"], at.ledgers("/*")),
  // Without it S3 answers 403 instead of 404 for a key that is not there yet.
  allow(["s3:ListBucket"], at.ledgers("")),
];

const invoke = (functions: readonly string[]) => allow(["lambda:InvokeFunction"], functions);
