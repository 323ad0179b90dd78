import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { CUSTOMERS_FOLDER, STATUS_SECRET, statusBucket } from "../../functions/status/contract.ts";
import type { Fleet } from "../sla/fleet.ts";
import { allow } from "./bundled-function.ts";

/** Of ledgers what pages show, and not what is sealed; of its bucket everything but deleting what everybody reads. */
const READ = ["roles", "shards", "incidents", "shelves", "maintenance"];

export function statusGrants(fleet: Fleet, region: string): readonly PolicyStatement[] {
  const { account } = fleet.provider;
  const ledgers = Object.keys(fleet.sites).map(
    (site) => `arn:aws:s3:::${ledgerBucket(account, site)}`,
  );
  const own = `arn:aws:s3:::${ledgerBucket(account, region)}`;
  const pages = `arn:aws:s3:::${statusBucket(account, region)}`;
  return [
    allow(
      ["s3:GetObject"],
      [`${own}/fleet/*`, ...ledgers.flatMap((it) => READ.map((folder) => `${it}/${folder}/*`))],
    ),
    allow(["s3:GetObject", "s3:PutObject"], [`${own}/status/*`]),
    // Without it a key that is not there yet answers like one that is forbidden.
    allow(["s3:ListBucket"], [...ledgers, pages]),
    allow(["s3:PutObject"], [`${pages}/*`]),
    allow(["s3:DeleteObject"], [`${pages}/${CUSTOMERS_FOLDER}*`]),
    allow(
      ["secretsmanager:GetSecretValue"],
      // Secrets Manager appends six characters of its own to a name.
      [`arn:aws:secretsmanager:${region}:${account}:secret:${STATUS_SECRET}-??????`],
    ),
  ];
}
