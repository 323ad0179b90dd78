import { fileKeys, filesBucket } from "../../functions/files/contract.ts";
import type { FrozenCopy } from "../../functions/freeze/contract.ts";
import { soldFilestore } from "../sla/backups/filestore.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Roles, Seat } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import type { BackupRow, BackupView } from "./backup-view.ts";
import type { ImageView } from "./image-view.ts";

/** What is still there of an instance that nobody looks after: nothing of it is deleted by anybody but a person. */
export interface Remains {
  /** Nobody can delete them before. */
  readonly frozen: readonly Pick<FrozenCopy, "backup" | "takenAt" | "retainUntil">[];
  /** Names of its backups, by region. */
  readonly backups: Readonly<Record<string, readonly string[]>>;
  /** Names of images of its machines, likewise. */
  readonly images: Readonly<Record<string, readonly string[]>>;
  readonly databases: readonly Seat[];
  /** `s3://bucket/prefix`: replicas of its files. */
  readonly files: readonly string[];
  /** What a person does next, as commands. */
  readonly next: readonly string[];
}

interface Known {
  readonly roles: Roles;
  readonly view: BackupView | undefined;
  readonly images: ImageView | undefined;
  readonly copies: readonly FrozenCopy[];
}

export function remainsOf(
  { fleet }: Pick<Access, "fleet">,
  instance: Instance,
  { roles, view, images: imaged, copies }: Known,
): Remains {
  const { former = [], primary, standby } = roles;
  // The standby first: it would be left behind as a database of its own.
  const databases = [...(standby ? [standby] : []), primary, ...former];
  const backups = byPlace(view?.backups);
  const images = byPlace(imaged?.images);
  const hasFiles = soldFilestore(fleet, instance) !== undefined;
  const { account } = fleet.provider;
  const files = (hasFiles ? (view?.places ?? []) : []).map(
    (place) => `s3://${filesBucket(account, place)}/${fileKeys.replica(instance.id)}`,
  );
  return {
    frozen: copies.map(({ backup, takenAt, retainUntil }) => ({ backup, takenAt, retainUntil })),
    ...{ backups, images, databases, files },
    next: [
      `# take ${instance.id} out of fleet.yaml once its last month is published: its health checks, alarms and flag go with the deployment`,
      "npm run deploy",
      `# then the records, in zone ${instance.dns.zone}: ${Object.values(instance.dns.names).join(", ")}`,
      ...databases.flatMap(deletionOf),
      ...Object.entries(backups).map(
        ([region, ids]) =>
          `for id in ${ids.join(" ")}; do aws rds delete-db-snapshot --region ${region} --db-snapshot-identifier $id; done`,
      ),
      ...Object.entries(images).map(deregistrationOf),
      ...files.map((place) => `aws s3 rm --recursive ${place}`),
    ],
  };
}

/** Calls of EC2 go by ids, which differ from place to place. */
const deregistrationOf = ([region, names]: readonly [string, readonly string[]]): string =>
  `for name in ${names.join(" ")}; do aws ec2 deregister-image --region ${region} --delete-associated-snapshots --image-id $(aws ec2 describe-images --region ${region} --owners self --filters Name=name,Values=$name --query 'Images[0].ImageId' --output text); done`;

function byPlace(rows: readonly BackupRow[] = []): Record<string, readonly string[]> {
  const all = rows.flatMap(({ id, states }) =>
    Object.keys(states).map((region) => ({ id, region })),
  );
  return Object.fromEntries(
    [...Map.groupBy(all, ({ region }) => region)].map(([region, its]) => [
      region,
      its.map(({ id }) => id),
    ]),
  );
}

const deletionOf = ({ region, database }: Seat): readonly string[] => {
  const at = `--region ${region} --db-instance-identifier ${database}`;
  return [
    `aws rds modify-db-instance ${at} --no-deletion-protection --apply-immediately`,
    `aws rds delete-db-instance ${at} --skip-final-snapshot   # or --final-db-snapshot-identifier NAME`,
  ];
};
