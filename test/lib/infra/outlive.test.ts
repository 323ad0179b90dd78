import { Stack } from "aws-cdk-lib";
import { describe, expect, it, test } from "vitest";
import { fleet } from "./fleet.ts";
import { appOf, templates } from "./templates.ts";

interface Kept {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

const resources = [...templates].flatMap(([stack, template]) =>
  Object.entries(template.toJSON()["Resources"] as Readonly<Record<string, Kept>>).map(
    ([id, resource]) => ({ stack, id, ...resource }),
  ),
);

/** What holds something that nobody could make again, and the property that names it. */
const STAYS: Readonly<Record<string, string>> = {
  "AWS::S3::Bucket": "BucketName",
  "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
  "AWS::SecretsManager::Secret": "Name",
  "AWS::KMS::Key": "Description",
};

/** Nothing is kept under it: mails on their way. */
const GOES = "Mails of the SLA on their way through SNS";

const nameOf = ({ Type, Properties }: Kept) => Properties?.[STAYS[Type] ?? ""];

/** A customer's: its life hangs on no stack. */
const THEIRS = /^AWS::(RDS::(?!DBSubnetGroup$)|Route53|Route53RecoveryControl|Backup|DynamoDB|EFS)/;

describe("what a stack takes with it", () => {
  test("is no database, no snapshot and no record of DNS: none is a resource of any stack", () => {
    expect(resources.filter(({ Type }) => THEIRS.test(Type))).toEqual([]);
  });

  test("is nothing that only it holds: buckets, keys of backups, addresses, subnets of databases", () => {
    const kept = resources.filter((each) => each.Type in STAYS && nameOf(each) !== GOES);
    expect(kept.length).toBeGreaterThan(10);
    for (const { stack, id, DeletionPolicy, UpdateReplacePolicy } of kept) {
      expect([stack, id, DeletionPolicy, UpdateReplacePolicy]).toEqual([
        ...[stack, id, "RetainExceptOnCreate", "Retain"],
      ]);
    }
  });

  test("is nothing that empties a bucket first", () => {
    expect(
      resources.filter(({ Type }) => /AutoDelete|Custom::(?!Sla(Fleet|Recipients)$)/.test(Type)),
    ).toEqual([]);
  });

  test("takes a person who lifts its protection first", () => {
    const stacks = appOf(fleet).node.children.filter((child) => child instanceof Stack);
    const open = stacks.filter(({ terminationProtection }) => !terminationProtection);
    // A vantage holds a function and its alarms.
    expect(open.map(({ stackName }) => stackName.split("-")[0])).toEqual([
      "SlaVantage",
      "SlaVantage",
    ]);
  });
});

describe("an upgrade", () => {
  it("finds what stays under the ids it always had: under others it would be made again, and refused", () => {
    const found = resources
      .filter((each) => each.Type in STAYS && nameOf(each) !== GOES)
      .map((each) => [each.id, String(nameOf(each)).replace(/-\d{12}-.*?(-accesses)?$/, "$1")]);
    expect(Object.fromEntries(found)).toEqual({
      BackupsKeyC696F888: "Copies of backups of the SLA",
      FilesBucket7C17EE2E: "sla-files",
      FrozenF0BB41FA: "sla-frozen",
      FrozenAccesses0510B48A: "sla-frozen-accesses",
      LedgerB7379752: "sla-ledger",
      LedgerAccesses43352452: "sla-ledger-accesses",
      RestoringPassword898A7D60: "sla/restore",
      RestoringSubnetsED9DC11A: "sla-restore",
      StatusSecret03A016CB: "sla/status",
      StatusSiteBucket66AF1CDA: "sla-status",
    });
  });
});
