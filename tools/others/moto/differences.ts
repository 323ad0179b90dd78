/** Where a server answers otherwise than AWS's documentation says; nothing is listed that does not occur. */
export interface Difference {
  readonly server: "moto" | "local cloud";
  /** Name of the case. */
  readonly in: string;
  readonly answers: unknown;
  /** Who is right, and by what of AWS's documentation. */
  readonly because: string;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    server: "moto",
    in: "what is copied by its ETag is a version of its own; of another one nothing is copied",
    answers: ["copied", true, "copied"],
    because:
      "moto is wrong: it copies whatever x-amz-copy-source-if-match says; S3 API, CopyObject: 412 PreconditionFailed",
  },
  {
    server: "moto",
    in: "a batch with one change that cannot be made changes nothing",
    answers: ["InvalidInput", 0],
    because:
      "moto is wrong in the name: the change is well formed, what it deletes is not there; Route 53 API, ChangeResourceRecordSets: InvalidChangeBatch",
  },
  {
    server: "moto",
    in: "no CNAME stands beside another record of its name",
    answers: "no error",
    because:
      "moto is wrong: Route 53 Developer Guide, CNAME record type: no other record may have its name",
  },
  {
    server: "moto",
    in: "a health check is made once for one caller reference",
    answers: [false, 2],
    because:
      "moto is wrong: Route 53 API, CreateHealthCheck, CallerReference: the same settings answer the check that exists",
  },
  {
    server: "moto",
    in: "RDS and Lambda say what they grant",
    answers: "refused",
    because:
      "moto is not complete: it knows neither DescribeAccountAttributes of RDS nor GetAccountSettings of Lambda",
  },
  {
    server: "moto",
    in: "Route 53 says how many health checks it grants",
    answers: { throws: "Error" },
    because: "moto is not complete: it does not know GetAccountLimit of Route 53",
  },
  {
    server: "moto",
    in: "an address that was subscribed hears nothing until somebody confirms",
    answers: [{ topic: "sla-alerts", address: "ops@provider.example", isConfirmed: true }],
    because:
      "moto is wrong: SNS API, Subscribe: a mail address has to confirm; ListSubscriptionsByTopic says PendingConfirmation until then",
  },
  {
    server: "moto",
    in: "a replica in another region and its source name each other by ARN, and asked for again it is there",
    answers: [["accepted", "accepted"], true, [], true, 1, { "sla:standby": "true" }],
    because:
      "moto is wrong: it copies the source's own retention and says nothing in StatusInfos; RDS User Guide, Working with read replicas: a replica has no automated backups until it is given some; RDS API, DBInstanceStatusInfo: replicating. Asked again, it makes another over the first",
  },
  {
    server: "moto",
    in: "a database that keeps no backups gets no replica",
    answers: "accepted",
    because:
      "moto is wrong: RDS User Guide, Working with read replicas: automatic backups must be enabled on the source",
  },
  {
    server: "moto",
    in: "of an encrypted database no replica is made elsewhere without a key",
    answers: "accepted",
    because:
      "moto is wrong: RDS API, CreateDBInstanceReadReplica, KmsKeyId: you must specify one for an encrypted source in a different Region",
  },
  {
    server: "moto",
    in: "a promoted replica follows nobody, keeps backups as it was told, and its source knows it no more",
    answers: { throws: "Error" },
    because:
      "moto is wrong: what it has promoted names its source for ever; RDS API, DBInstance, ReadReplicaSourceDBInstanceIdentifier: only if this is a read replica",
  },
  {
    server: "moto",
    in: "what is no replica is not promoted, and what is not there is gone",
    answers: { throws: "CloudUnreachable" },
    because:
      "moto is wrong: it answers 200 for what is no replica, and 500 for what is not there; RDS API, PromoteReadReplica: InvalidDBInstanceState, DBInstanceNotFound",
  },
  {
    server: "moto",
    in: "a database is rebooted, one that is stopped is not",
    answers: ["accepted", "accepted", "gone"],
    because: "moto is wrong: RDS API, RebootDBInstance: InvalidDBInstanceState",
  },
  {
    server: "moto",
    in: "a database's model is its subnet group and its key, and nothing is the model of what is not there",
    answers: ["of-model", false, true, null],
    because:
      "moto is wrong: RDS API, DBInstance, KmsKeyId: the Amazon KMS key identifier, which RDS answers as an ARN; moto names none that nobody gave",
  },
  {
    server: "moto",
    in: "groups that a database is in are not deleted, others are, and are gone then",
    answers: { throws: "CloudUnreachable" },
    because:
      "moto is wrong: it deletes a parameter group that a database is in, and then answers 500 about that database; RDS API, DeleteDBParameterGroup: InvalidDBParameterGroupState",
  },
  {
    server: "moto",
    in: "a copy in another region is made once, under a key of that region, and is of its source's time",
    answers: [["accepted", "already"], false, true, true, { "sla:copy": "true" }],
    because:
      "moto is wrong: RDS API, DBSnapshot, SourceDBSnapshotIdentifier: the ARN that the snapshot was copied from; it has a value for a cross-account or cross-Region copy",
  },
  {
    server: "moto",
    in: "automated backups of a primary are listed with the newest instant that can be restored",
    answers: { throws: "Error" },
    because: "moto is not complete: RDS API, DBInstanceAutomatedBackup, RestoreWindow: it has none",
  },
  {
    server: "moto",
    in: "automated backups are replicated to another region, listed there, and ended",
    answers: ["later"],
    because: "moto is not complete: it does not know StartDBInstanceAutomatedBackupsReplication",
  },
  {
    server: "moto",
    in: "nobody is woken by a token that nobody waits for",
    answers: "no error",
    because: "moto is wrong: Step Functions API, SendTaskSuccess: InvalidToken",
  },
  {
    server: "moto",
    in: "an image of a machine that is found by its tag is taken once for a name",
    answers: ["later", "later", 0],
    because:
      "moto is not complete: of CreateImage it knows no tags of snapshots; EC2 API, CreateImage, TagSpecifications: the image, the snapshots, or both",
  },
  {
    server: "moto",
    in: "a machine is started once for a token, with its tags, and comes up",
    answers: [false, 2, "running", { system: "ok", own: "ok" }],
    because:
      "moto is wrong: it starts another for the same token; EC2 API, RunInstances, ClientToken: ensures the idempotency of the request",
  },
  {
    server: "moto",
    in: "a token is not taken for something else",
    answers: ["machine", 2],
    because: "moto is wrong: EC2 API, error codes: IdempotentParameterMismatch",
  },
  {
    server: "moto",
    in: "no machine is started of an image, in a subnet or in a group that is not there",
    answers: ["machine", "InvalidSubnetID.NotFound", "machine", 2],
    because:
      "moto is wrong: it starts machines of images and in groups that nobody has made; EC2 API, error codes: InvalidAMIID.NotFound, InvalidGroup.NotFound",
  },
  {
    server: "moto",
    in: "a machine that is ended is terminated, still shown with its tags, and ended again without an error",
    answers: { throws: "InvalidNetworkInterfaceID.NotFound" },
    because:
      "moto is wrong: it looks for the interface of a machine that it has ended; EC2 API, TerminateInstances: the operation is idempotent, each call succeeds",
  },
  {
    server: "local cloud",
    in: "a key that is not there is none",
    answers: { state: "Enabled" },
    because:
      "AWS is right, KMS API, DescribeKey: NotFoundException; the local cloud encrypts nothing, and has every key that is named (docs/local-cloud.md)",
  },
  {
    server: "local cloud",
    in: "regions that nobody has to switch on are on, others are listed as well",
    answers: [true, true, false],
    because:
      "AWS is right, EC2 API, DescribeRegions: AllRegions lists those that are off too; in the local cloud none is off, and those that nobody uses are not told apart",
  },
];
