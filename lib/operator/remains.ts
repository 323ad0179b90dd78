import { fileKeys, filesBucket } from "../../functions/files/contract.ts";
import type { FrozenCopy } from "../../functions/freeze/contract.ts";
import { soldFilestore } from "../sla/backups/filestore.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Roles, Seat } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import type { BackupView } from "./backup-view.ts";

/** What is still there of an instance that nobody looks after: nothing of it is deleted by anybody but a person. */
export interface Remains {
  /** Nobody can delete them before. */
  readonly frozen: readonly Pick<FrozenCopy, "backup" | "takenAt" | "retainUntil">[];
  /** Names of its backups, by region. */
  readonly backups: Readonly<Record<string, readonly string[]>>;
  readonly databases: readonly Seat[];
  /** `s3://bucket/prefix`: replicas of its files. */
  readonly files: readonly string[];
  /** What a person does next, as commands. */
  readonly next: readonly string[];
}

interface Known {
  readonly roles: Roles;
  readonly view: BackupView | undefined;
  readonly copies: readonly FrozenCopy[];
}

export function remainsOf(
  { fleet }: Pick<Access, "fleet">,
  instance: Instance,
  { roles, view, copies }: Known,
): Remains {
  const { former = [], primary, standby } = roles;
  // The standby first: it would be left behind as a database of its own.
  const databases = [...(standby ? [standby] : []), primary, ...former];
  const backups = byPlace(view);
  const hasFiles = soldFilestore(fleet, instance) !== undefined;
  const { account } = fleet.provider;
  const files = (hasFiles ? (view?.places ?? []) : []).map(
    (place) => `s3://${filesBucket(account, place)}/${fileKeys.replica(instance.id)}`,
  );
  return {
    frozen: copies.map(({ backup, takenAt, retainUntil }) => ({ backup, takenAt, retainUntil })),
    ...{ backups, databases, files },
    next: [
      `# take ${instance.id} out of fleet.yaml once its last month is published: its health checks, alarms and flag go with the deployment`,
      "npm run deploy",
      `# then the records, in zone ${instance.dns.zone}: ${Object.values(instance.dns.names).join(", ")}`,
      ...databases.flatMap(deletionOf),
      ...Object.entries(backups).map(
        ([region, ids]) =>
          `for id in ${ids.join(" ")}; do aws rds delete-db-snapshot --region ${region} --db-snapshot-identifier $id; done`,
      ),
      ...files.map((place) => `aws s3 rm --recursive ${place}`),
    ],
  };
}

function byPlace(view: BackupView | undefined): Record<string, readonly string[]> {
  const all = (view?.backups ?? []).flatMap(({ id, states }) =>
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
