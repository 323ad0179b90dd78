import { type DBInstance, RDSClient } from "@aws-sdk/client-rds";
import type { Tags } from "../../lib/sla/backups/catalogue.ts";
import type { DatabaseState, Registry } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { instanceOf } from "./rds-instance.ts";

export function rdsRegistry(clock: Clock): Registry {
  const clients = perRegion((region) => new RDSClient(clientSettings(clock, { region })));
  return {
    async describe(seat) {
      const found = await instanceOf(clients(seat.region), seat);
      return found && stateOf(found);
    },
  };
}

const stateOf = (db: DBInstance): DatabaseState => ({
  status: db.DBInstanceStatus ?? "unknown",
  ...(db.Endpoint?.Address !== undefined && {
    endpoint: { host: db.Endpoint.Address, port: db.Endpoint.Port ?? 5432 },
  }),
  groups: (db.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id, Status }) =>
    id === undefined ? [] : [{ id, active: Status === "active" }],
  ),
  ...(db.ReadReplicaSourceDBInstanceIdentifier !== undefined && {
    source: db.ReadReplicaSourceDBInstanceIdentifier,
  }),
  replication: (db.StatusInfos ?? []).flatMap(({ Status }) => (Status ? [Status] : [])),
  backupRetentionDays: db.BackupRetentionPeriod ?? 0,
  ...(db.AllocatedStorage !== undefined && { allocatedBytes: db.AllocatedStorage * 2 ** 30 }),
  isProtected: db.DeletionProtection ?? false,
  replicas: db.ReadReplicaDBInstanceIdentifiers ?? [],
  tags: tagsIn(db),
});

/** None of those that the caller may not see. */
export const tagsIn = ({ TagList = [] }: Pick<DBInstance, "TagList">): Tags =>
  Object.fromEntries(TagList.map(({ Key = "", Value = "" }) => [Key, Value]));
