import { matchesGlob } from "node:path";
import { describe, expect, it } from "vitest";
import { allStatements, grantsByHolder, templateOf, templates } from "./templates.ts";

const LOG = ["logs:CreateLogStream", "logs:PutLogEvents"];
const LEDGER = ["s3:GetObject", "s3:ListBucket"];

const MACHINE = [
  "lambda:InvokeFunction",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** The whole of what this product may do in an account. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  "sla-probe": [],
  "sla-watch": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "rds:DescribeDBInstances",
    "states:StartExecution",
  ],
  "sla-beat": [...LEDGER, "lambda:InvokeFunction", "rds:DescribeDBInstances"],
  "sla-sql": [
    "secretsmanager:GetSecretValue",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "ec2:UnassignPrivateIpAddresses",
  ],
  "sla-content": [
    "secretsmanager:GetSecretValue",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "ec2:UnassignPrivateIpAddresses",
  ],
  "sla-adopt": [
    "secretsmanager:GetSecretValue",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "ec2:UnassignPrivateIpAddresses",
  ],
  "sla-days": [...LEDGER, "s3:PutObject"],
  "sla-seals": [...LEDGER],
  "sla-oncall": [...LEDGER, "s3:PutObject", "lambda:InvokeFunction"],
  "sla-subscriptions": [
    ...["s3:GetObject", "s3:ListBucket"],
    ...["sns:ListSubscriptionsByTopic", "sns:Subscribe"],
  ],
  "sla-webhook": [
    ...["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
    "secretsmanager:GetSecretValue",
  ],
  "sla-flag": ["s3:GetObject"],
  "sla-approve": [
    "s3:GetObject",
    "s3:PutObject",
    "states:SendTaskSuccess",
    "states:DescribeExecution",
  ],
  "sla-notify": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "sns:Publish",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "sqs:SendMessage",
  ],
  "sla-ledger-publish": [...LEDGER, "s3:PutObject"],
  "sla-failover-assess": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "rds:DescribeDBInstances",
    "rds:ListTagsForResource",
    "states:DescribeExecution",
  ],
  "sla-failover-ask": [...LEDGER, "s3:PutObject", "lambda:InvokeFunction"],
  "sla-failover-fence": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "rds:DescribeDBInstances",
    "rds:ModifyDBInstance",
    "rds:RebootDBInstance",
  ],
  "sla-failover-promote": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "rds:DescribeDBInstances",
    "rds:PromoteReadReplica",
  ],
  "sla-failover-flip": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "route53:ChangeResourceRecordSets",
    "route53:GetChange",
    "route53:GetHostedZone",
    "route53:GetHealthCheckStatus",
    "route53:ListHealthChecks",
    "route53:ListResourceRecordSets",
  ],
  "sla-failover-record": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "states:StartExecution",
  ],
  "sla-reprotect-build": [
    ...LEDGER,
    "rds:DescribeDBInstances",
    "rds:CreateDBInstanceReadReplica",
    "rds:ModifyDBInstance",
    "rds:AddTagsToResource",
    "kms:CreateGrant",
    "kms:DescribeKey",
  ],
  "sla-standby-drop": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "rds:DescribeDBInstances",
    "rds:ListTagsForResource",
    "rds:ModifyDBInstance",
    "rds:DeleteDBInstance",
  ],
  "sla-debts": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "rds:DescribeDBInstances",
    "rds:ModifyDBInstance",
    "rds:RebootDBInstance",
  ],
  "sla-records": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "rds:DescribeDBInstances",
    "route53:ChangeResourceRecordSets",
    "route53:GetChange",
    "route53:GetHealthCheckStatus",
    "route53:GetHostedZone",
    "route53:ListResourceRecordSets",
  ],
  "sla-backups": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "rds:DescribeDBSnapshots",
    "rds:DescribeDBInstanceAutomatedBackups",
    "rds:ListTagsForResource",
  ],
  "sla-snapshot": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "rds:DescribeDBInstances",
    "rds:CreateDBSnapshot",
    "rds:AddTagsToResource",
  ],
  "sla-ship": [
    "rds:StartDBInstanceAutomatedBackupsReplication",
    "rds:StopDBInstanceAutomatedBackupsReplication",
    "rds:AddTagsToResource",
    "kms:CreateGrant",
    "kms:DescribeKey",
  ],
  "sla-rotate": ["rds:DescribeDBSnapshots", "rds:ListTagsForResource", "rds:DeleteDBSnapshot"],
  "sla-replicate": [
    "rds:CopyDBSnapshot",
    "rds:AddTagsToResource",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKeyWithoutPlaintext",
  ],
  "sla-files": [
    ...LEDGER,
    "s3:ListBucketVersions",
    "s3:PutObject",
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
  ],
  "sla-restore": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "states:StartExecution",
    "secretsmanager:GetSecretValue",
    "rds:RestoreDBInstanceFromDBSnapshot",
    "rds:ModifyDBInstance",
    "rds:DescribeDBInstances",
    "rds:DescribeDBSnapshots",
    "rds:AddTagsToResource",
    "rds:ListTagsForResource",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKeyWithoutPlaintext",
  ],
  "sla-prepared": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "kms:DescribeKey",
    "rds:DescribeDBInstances",
    "rds:DescribeDBParameterGroups",
    "rds:DescribeDBParameters",
    "rds:DescribeDBSnapshots",
    "rds:DescribeDBSubnetGroups",
    "route53:ListHealthChecks",
    "route53:ListResourceRecordSets",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
  ],
  "sla-restore-discard": [
    "rds:DescribeDBInstances",
    "rds:ListTagsForResource",
    "rds:DeleteDBInstance",
  ],
  "sla-restore-test": MACHINE,
  "sla-recover-restore": [
    ...LEDGER,
    "s3:PutObject",
    "lambda:InvokeFunction",
    "states:DescribeExecution",
    "secretsmanager:GetSecretValue",
    "rds:RestoreDBInstanceFromDBSnapshot",
    "rds:RestoreDBInstanceToPointInTime",
    "rds:ModifyDBInstance",
    "rds:AddTagsToResource",
    "rds:DescribeDBInstances",
    "rds:DescribeDBInstanceAutomatedBackups",
    "rds:DescribeDBSnapshots",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKeyWithoutPlaintext",
  ],
  "sla-recover": MACHINE,
  "sla-failover": MACHINE,
  "sla-reprotect": MACHINE,
  schedules: ["lambda:InvokeFunction", "sqs:SendMessage"],
};

/** Every wildcard, and why there is nothing narrower. */
const WILDCARDS: readonly (readonly [action: RegExp, resource: RegExp, why: string])[] = [
  [
    /^s3:GetObject$/,
    /:sla-ledger-111111111111-[a-z0-9-]+\/(fleet|rounds|maintenance|annotations|tickets|left|failovers|restores|image-tests|game-days|backups|days|seals|carried)\/\*$/,
    "one folder: what a day follows from",
  ],
  [
    /^s3:GetObject$/,
    /:sla-ledger-111111111111-[a-z0-9-]+\/reports\/\*\/published\.json\.gz$/,
    "which months are out",
  ],
  [/^s3:GetObject$/, /:sla-ledger-111111111111-[a-z0-9-]+\/hooks\/\*$/, "what it sends"],
  [
    /^s3:(Get|Put)Object$/,
    /:sla-(ledger|frozen)-\d+-[a-z0-9-]+\/(mirrors|seals)\/eu-central-1\/\*$/,
    "the days of this site elsewhere",
  ],
  [/^s3:GetObject$/, /^arn:aws:s3:::sla-ledger-111111111111-[a-z0-9-]+\/\*$/, "reads all evidence"],
  [
    /^s3:GetObject$/,
    /^arn:aws:s3:::sla-ledger-111111111111-eu-central-1\/(flags|approvals|sealed|roles|calls|acks)\/\*$/,
    "one folder",
  ],
  [/^s3:PutObject$/, /^arn:aws:s3:::sla-ledger-111111111111-[a-z0-9-]+\/[a-z]+\/\*$/, "one folder"],
  [
    /^s3:(GetObject|PutObject|AbortMultipartUpload|DeleteObject)$/,
    /^arn:aws:s3:::sla-files-111111111111-eu-central-1\/(files|manifests|originals|paths)\/\*$/,
    "one folder of the replicas",
  ],
  [
    /^rds:(DescribeDBInstances|ListTagsForResource)$/,
    /^arn:aws:rds:[a-z0-9-]+:111111111111:db:\*$/,
    "a list has no name, and has the tags in it",
  ],
  [/^route53:GetChange$/, /^arn:aws:route53:::change\/\*$/, "ids are given by Route 53"],
  [/^route53:ListHealthChecks$/, /^\*$/, "a list has no name"],
  [/^route53:GetHealthCheckStatus$/, /^arn:aws:route53:::healthcheck\/\*$/, "the same"],
  [
    /^states:DescribeExecution$/,
    /:execution:sla-(failover|reprotect|recover|leave|game-day):\*$/,
    "names come with the failure",
  ],
  [
    /^rds:(CreateDBInstanceReadReplica|ModifyDBInstance|RebootDBInstance|PromoteReadReplica|RestoreDBInstanceToPointInTime|DeleteDBInstance|AddTagsToResource|CreateDBSnapshot|(Start|Stop)DBInstanceAutomatedBackupsReplication)$/,
    /^arn:aws:rds:eu-central-[12]:111111111111:db:(acme|birch)-db(-standby)?-sla\*$/,
    "standbys built after a failover are named after its epoch",
  ],
  [
    /^rds:(CreateDBInstanceReadReplica|ModifyDBInstance|RebootDBInstance|CreateDBSnapshot|(Start|Stop)DBInstanceAutomatedBackupsReplication|RestoreDBInstance(FromDBSnapshot|ToPointInTime)|AddTagsToResource)$/,
    /^arn:aws:rds:(eu-central-[12]|eu-west-1):111111111111:db:(acme|birch|cedar)-db(-standby)?-slar\*$/,
    "databases brought back are named after the epoch",
  ],
  [
    /^rds:DescribeDBSnapshots$/,
    /^arn:aws:rds:[a-z0-9-]+:111111111111:(snapshot|db):\*$/,
    "a list has no name",
  ],
  [
    /^rds:DescribeDBInstanceAutomatedBackups$/,
    /^arn:aws:rds:[a-z0-9-]+:111111111111:db:\*$/,
    "a list has no name",
  ],
  [
    /^rds:((Describe|Start|Stop)DBInstanceAutomatedBackups(Replication)?|RestoreDBInstanceToPointInTime|AddTagsToResource|ListTagsForResource)$/,
    /^arn:aws:rds:[a-z0-9-]+:111111111111:auto-backup:\*$/,
    "RDS names its automated backups",
  ],
  [
    /^rds:(CreateDBSnapshot|CopyDBSnapshot|DeleteDBSnapshot|RestoreDBInstanceFromDBSnapshot|AddTagsToResource|ListTagsForResource)$/,
    /^arn:aws:rds:[a-z0-9-]+:111111111111:snapshot:sla-\*$/,
    "backups of ours, named after instants to come",
  ],
  [
    /^rds:(RestoreDBInstanceFromDBSnapshot|(Modify|Describe|Delete)DBInstances?|AddTagsToResource|ListTagsForResource)$/,
    /^arn:aws:rds:eu-central-1:111111111111:db:sla-test-\*$/,
    "databases restored for a test, named after instants to come",
  ],
  [
    /^rds:(CopyDBSnapshot|RestoreDBInstance(FromDBSnapshot|ToPointInTime))$/,
    /^arn:aws:rds:eu-central-1:111111111111:og:\*$/,
    "the option group that a snapshot has",
  ],
  [
    /^rds:CreateDBInstanceReadReplica$/,
    /^arn:aws:rds:[a-z0-9-]+:111111111111:(og|subgrp):\*$/,
    "groups of the old primary",
  ],
  [
    /^kms:(CreateGrant|DescribeKey|Decrypt|GenerateDataKeyWithoutPlaintext)$/,
    /^arn:aws:kms:[a-z0-9-]+:111111111111:key\/\*$/,
    "the key of a database or a backup, by RDS only",
  ],
  [
    /^secretsmanager:(GetSecretValue|DescribeSecret)$/,
    /-\?{6}$/,
    "the suffix is given by Secrets Manager",
  ],
  [/^ec2:/, /^\*$/, "Lambda's own network interfaces, which EC2 knows no resource for"],
  [
    /^logs:/,
    /^\*$/,
    "deliveries of the machine's log, which CloudWatch Logs knows no resource for",
  ],
  [/^xray:/, /^\*$/, "X-Ray knows no resource for traces"],
];

const SITES = ["eu-central-2", "eu-central-1", "eu-west-1"];
const holders = [...grantsByHolder(templateOf("Sla-eu-central-1"))];

describe("permissions of a site", () => {
  it("are held by exactly the functions, the machine and the schedules", () => {
    expect(holders.map(([holder]) => holder).toSorted()).toEqual(Object.keys(MAY).toSorted());
  });

  it.each(holders)("%s may do exactly what its work needs", (holder, grants) => {
    const own = holder.startsWith("sla-") && MAY[holder] !== MACHINE ? LOG : [];
    const expected = [...new Set([...(MAY[holder] ?? []), ...own])].toSorted();
    expect([...new Set(grants.map(({ action }) => action))].toSorted()).toEqual(expected);
  });

  it.each(holders)("%s has no wildcard without a reason", (_holder, grants) => {
    const allowed = grants.filter(({ effect }) => effect === "Allow");
    const wild = allowed.flatMap(({ action, resources }) =>
      resources.filter((each) => /[*?]/.test(each)).map((resource) => ({ action, resource })),
    );
    const unexplained = wild.filter(
      ({ action, resource }) => !WILDCARDS.some(([a, r]) => a.test(action) && r.test(resource)),
    );
    expect(unexplained).toEqual([]);
  });

  it.each(["sla-failover-fence", "sla-debts"])(
    "%s changes databases of the fleet only",
    (holder) => {
      const grants = grantsByHolder(templateOf("Sla-eu-central-1")).get(holder) ?? [];
      const modify = grants.find(({ action }) => action === "rds:ModifyDBInstance");
      expect(modify?.resources.toSorted()).toEqual([
        "arn:aws:rds:eu-central-1:111111111111:db:acme-db-standby",
        "arn:aws:rds:eu-central-1:111111111111:db:acme-db-standby-sla*",
        "arn:aws:rds:eu-central-1:111111111111:db:birch-db-standby",
        "arn:aws:rds:eu-central-1:111111111111:db:birch-db-standby-sla*",
        "arn:aws:rds:eu-central-2:111111111111:db:acme-db",
        "arn:aws:rds:eu-central-2:111111111111:db:acme-db-sla*",
        "arn:aws:rds:eu-central-2:111111111111:db:birch-db",
        "arn:aws:rds:eu-central-2:111111111111:db:birch-db-sla*",
        "arn:aws:rds:eu-central-2:111111111111:db:cedar-db",
        "arn:aws:rds:eu-central-2:111111111111:db:cedar-db-slar*",
      ]);
    },
  );

  it("let nobody but who asks read what is sealed, and that in its own site only", () => {
    const sealed = /^arn:aws:s3:::sla-ledger-111111111111-([a-z0-9-]+)\/sealed\/\*$/;
    const readers = holders.flatMap(([holder, grants]) => {
      const reads = grants.filter(({ action }) => action === "s3:GetObject");
      const wide = reads.some(
        ({ effect, resources }) =>
          effect === "Allow" && resources.some((each) => /ledger-\d+-[a-z0-9-]+\/\*$/.test(each)),
      );
      const denied = reads
        .filter(({ effect }) => effect === "Deny")
        .flatMap(({ resources }) => resources.flatMap((each) => sealed.exec(each)?.[1] ?? []));
      const open = SITES.filter((site) => !denied.includes(site));
      return wide && open.length > 0 ? [[holder, open]] : [];
    });
    expect(readers.toSorted()).toEqual([
      ["sla-failover-ask", ["eu-central-1"]],
      ["sla-notify", ["eu-central-1"]],
    ]);
  });

  it("let nobody but people announce maintenance or say what caused an incident", () => {
    const bucket = "arn:aws:s3:::sla-ledger-111111111111-eu-central-1";
    const may = (action: string, resource: string) =>
      holders.flatMap(([holder, grants]) => {
        const matches = grants.some(
          (grant) =>
            grant.effect === "Allow" &&
            grant.action === action &&
            grant.resources.some((each) => matchesGlob(resource, each.replaceAll("*", "**"))),
        );
        return matches ? [holder] : [];
      });
    for (const key of ["maintenance/m1.json", "annotations/acme/i1/1.json"]) {
      expect(may("s3:PutObject", `${bucket}/${key}`)).toEqual([]);
    }
    // So that the question is one: the same says who writes incidents.
    expect(may("s3:PutObject", `${bucket}/incidents/acme/i1.json`)).toContain("sla-watch");
    expect(may("s3:GetObject", `${bucket}/maintenance/m1.json`)).toEqual(
      expect.arrayContaining(["sla-failover-assess", "sla-watch"]),
    );
  });

  it("let the page of answers read and write questions of its own site, and wake its own machine", () => {
    const grants = grantsByHolder(templateOf("Sla-eu-central-1")).get("sla-approve") ?? [];
    const own = (action: string) =>
      grants.filter((grant) => grant.action === action).flatMap(({ resources }) => resources);
    const bucket = "arn:aws:s3:::sla-ledger-111111111111-eu-central-1";
    const machine = "arn:aws:states:eu-central-1:111111111111";
    expect(own("s3:GetObject")).toEqual(
      ["acks", "approvals", "calls", "roles", "sealed"].map((folder) => `${bucket}/${folder}/*`),
    );
    expect(own("s3:PutObject")).toEqual([`${bucket}/acks/*`, `${bucket}/approvals/*`]);
    expect(own("states:SendTaskSuccess")).toEqual([`${machine}:stateMachine:sla-failover`]);
    expect(own("states:DescribeExecution")).toEqual([`${machine}:execution:sla-failover:*`]);
  });

  it("let calls be written by who mails and who calls, acknowledgements by the page alone, and each in its own site", () => {
    const writers = (folder: string) =>
      holders.flatMap(([holder, grants]) => {
        const puts = grants
          .filter(({ action }) => action === "s3:PutObject")
          .flatMap(({ resources }) => resources.filter((each) => each.includes(`/${folder}/`)));
        return puts.length > 0 ? [[holder, puts]] : [];
      });
    const bucket = "arn:aws:s3:::sla-ledger-111111111111-eu-central-1";
    expect(writers("calls").toSorted()).toEqual([
      ["sla-notify", [`${bucket}/calls/*`]],
      ["sla-oncall", [`${bucket}/calls/*`]],
    ]);
    expect(writers("acks")).toEqual([["sla-approve", [`${bucket}/acks/*`]]]);
    expect(writers("sealed/acks--links")).toEqual([
      ["sla-notify", [`${bucket}/sealed/acks--links/secret.json`]],
    ]);
  });

  it("let only sla-webhook open the secrets of webhooks, and only sla-notify lay events down beside it", () => {
    const secret = "arn:aws:secretsmanager:eu-central-1:111111111111:secret:sla/pager-??????";
    const holding = (action: string, resource: string) =>
      holders
        .filter(([, grants]) =>
          grants.some((each) => each.action === action && each.resources.includes(resource)),
        )
        .map(([holder]) => holder);
    expect(holding("secretsmanager:GetSecretValue", secret)).toEqual(["sla-webhook"]);
    const hooks = "arn:aws:s3:::sla-ledger-111111111111-eu-central-1/hooks/*";
    expect(holding("s3:PutObject", hooks).toSorted()).toEqual(["sla-notify", "sla-webhook"]);
  });

  it("let whoever looks at secrets open those of its own region only, and no others than those of the fleet", () => {
    const grants = grantsByHolder(templateOf("Sla-eu-central-1")).get("sla-prepared") ?? [];
    const own = (action: string) =>
      grants.filter((grant) => grant.action === action).flatMap(({ resources }) => resources);
    const arns = (site: string, name: string) =>
      ["", "-??????"].map(
        (end) => `arn:aws:secretsmanager:${site}:111111111111:secret:${name}${end}`,
      );
    const logins = ["acme-db/sla", "birch-db/sla", "cedar-db/sla"];
    const here = [...logins, "sla/restore"].flatMap((name) => arns("eu-central-1", name));
    const away = ["eu-central-2", "eu-west-1"].flatMap((site) =>
      logins.flatMap((name) => arns(site, name)),
    );
    expect(own("secretsmanager:GetSecretValue").toSorted()).toEqual(here);
    expect(own("secretsmanager:DescribeSecret").toSorted()).toEqual([...here, ...away]);
    expect(own("rds:DescribeDBParameters").toSorted()).toEqual(
      SITES.toSorted().map((site) => `arn:aws:rds:${site}:111111111111:pg:odoo-15`),
    );
  });

  it("let nobody else wake the machine", () => {
    const wakers = holders.flatMap(([holder, grants]) =>
      grants.some(({ action }) => action.startsWith("states:SendTask")) ? [holder] : [],
    );
    expect(wakers).toEqual(["sla-approve"]);
  });

  it.each(["sla-failover-flip", "sla-records"])(
    "%s changes records of the fleet's zones only",
    (holder) => {
      const flip = grantsByHolder(templateOf("Sla-eu-central-1")).get(holder) ?? [];
      const change = flip.find(({ action }) => action === "route53:ChangeResourceRecordSets");
      expect(change?.resources).toEqual(["arn:aws:route53:::hostedzone/Z0123456789ABC"]);
    },
  );

  it("sla-reprotect-build changes nothing but what it may have built", () => {
    const grants = grantsByHolder(templateOf("Sla-eu-central-1")).get("sla-reprotect-build") ?? [];
    const modify = grants.find(({ action }) => action === "rds:ModifyDBInstance");
    expect(modify?.resources).toHaveLength(4);
    for (const each of modify?.resources ?? []) expect(each).toMatch(/-sla\*$/);
  });
});

describe("deleting a database", () => {
  const deleters = (stack: string) =>
    [...grantsByHolder(templateOf(stack))].flatMap(([holder, grants]) =>
      grants.flatMap(({ action, resources }) =>
        action === "rds:DeleteDBInstance" ? [{ holder, resources }] : [],
      ),
    );

  it("is for two functions: for names of standbys, and for names of restore tests", () => {
    expect(deleters("Sla-eu-central-1")).toEqual([
      {
        holder: "sla-standby-drop",
        resources: expect.arrayContaining([
          "arn:aws:rds:eu-central-1:111111111111:db:acme-db-standby",
          "arn:aws:rds:eu-central-1:111111111111:db:acme-db-standby-sla*",
          "arn:aws:rds:eu-central-2:111111111111:db:acme-db-sla*",
        ]),
      },
      {
        holder: "sla-restore-discard",
        resources: ["arn:aws:rds:eu-central-1:111111111111:db:sla-test-*"],
      },
    ]);
  });

  it.each(SITES)("is not allowed in %s where the fleet's first primaries are named", (site) => {
    for (const { resources } of deleters(`Sla-${site}`)) {
      for (const each of resources) expect(each).not.toMatch(/:db:(acme|birch|cedar)-db$/);
    }
  });
});

describe("deleting a backup", () => {
  const statements = allStatements(templateOf("Sla-eu-central-1"));
  const deleting = statements.filter(({ Action }) =>
    [Action].flat().includes("rds:DeleteDBSnapshot"),
  );

  it("is for what has our name and our tag, and never for what somebody holds", () => {
    expect(deleting).toEqual([
      {
        Effect: "Allow",
        Action: "rds:DeleteDBSnapshot",
        Resource: "arn:aws:rds:eu-central-1:111111111111:snapshot:sla-*",
        Condition: { StringEquals: { "aws:ResourceTag/sla:managed": "true" } },
      },
      {
        Effect: "Deny",
        Action: "rds:DeleteDBSnapshot",
        Resource: "*",
        Condition: { Null: { "aws:ResourceTag/sla:hold": "false" } },
      },
    ]);
  });

  it("is for one function", () => {
    const holdersOf = holders.filter(([, grants]) =>
      grants.some(({ action }) => action === "rds:DeleteDBSnapshot"),
    );
    expect(holdersOf.map(([holder]) => holder)).toEqual(["sla-rotate"]);
  });

  it("is for nobody where RDS keeps them by itself", () => {
    const actions = holders.flatMap(([, grants]) => grants.map(({ action }) => action));
    expect(actions.filter((action) => /DeleteDBInstanceAutomatedBackup/.test(action))).toEqual([]);
  });
});

describe("managed policies", () => {
  it.each([...templates])(
    "%s attaches none, where roles have room for all zones",
    (_name, template) => {
      const roles = Object.values(template.findResources("AWS::IAM::Role"));
      expect(roles.filter((role) => role["Properties"]["ManagedPolicyArns"])).toEqual([]);
    },
  );
});
