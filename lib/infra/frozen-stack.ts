import { type App, Duration, Stack } from "aws-cdk-lib";
import { AccountPrincipal, AnyPrincipal, type PolicyStatement } from "aws-cdk-lib/aws-iam";
import { ObjectLockRetention } from "aws-cdk-lib/aws-s3";
import { deliverRole } from "../../functions/deliver/contract.ts";
import { downloadRole } from "../../functions/download/contract.ts";
import { FILES, freezeRoles, frozenBucket } from "../../functions/freeze/contract.ts";
import { daysRole, sealsRole } from "../../functions/report/contract.ts";
import type { Fleet, Frozen } from "../sla/fleet.ts";
import { allow, deny } from "./bundled-function.ts";
import { guardedBucket } from "./guarded-bucket.ts";

interface FrozenProps {
  readonly provider: Fleet["provider"];
  /** Whose seals are kept here too. */
  readonly sites: readonly string[];
  readonly frozen: Frozen;
}

/**
 * The bucket of frozen copies, in an account of its own. What lies in it is locked by S3 against everybody; the
 * policy keeps the lock from being weakened for what is yet to come.
 */
export class FrozenStack extends Stack {
  constructor(app: App, { provider, sites, frozen }: FrozenProps) {
    const { account, region, retainDays } = frozen;
    super(app, `SlaFrozen-${region}`, {
      description: "hosting-sla: frozen copies of databases",
      env: { account, region },
      terminationProtection: true,
    });
    const bucketName = frozenBucket(account, region);
    const { bucket } = guardedBucket(this, "Frozen", {
      ...{ account, bucketName },
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(retainDays)),
      // Of what an interrupted upload has left: nothing that was completed is ever taken by a rule.
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(2) }],
    });
    const at = `arn:aws:s3:::${bucketName}`;
    const statements = [
      ...admissions(provider.account, region, at),
      ...seals(provider.account, sites, at),
      ...refusals(frozen, at),
    ];
    for (const statement of statements) bucket.addToResourcePolicy(statement);
  }
}

/** By name, not as principals: a policy that names a role which is not there yet is refused. */
function admissions(provider: string, region: string, at: string): PolicyStatement[] {
  const { task, function: freeze } = freezeRoles(region);
  const admit = (role: string, actions: readonly string[], resources: readonly string[]) => {
    const statement = allow(actions, resources, {
      ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${provider}:role/${role}` },
    });
    statement.addPrincipals(new AccountPrincipal(provider));
    return statement;
  };
  const written = Object.values(FILES).map((file) => `${at}/*/${file}`);
  return [
    admit(task, ["s3:PutObject", "s3:AbortMultipartUpload"], written),
    admit(freeze, ["s3:PutObject"], [`${at}/*/manifest.json`]),
    admit(freeze, ["s3:GetObject", "s3:GetObjectRetention"], [`${at}/*`]),
    admit(freeze, ["s3:ListBucket"], [at]),
    // What it signs is read as if by itself: dumps, and nothing that says what else there is.
    admit(downloadRole(region), ["s3:GetObject"], [`${at}/*/${FILES.dump}`]),
    // Likewise what sends them to customers: which there are it asks the function that made them.
    admit(deliverRole(region), ["s3:GetObject"], [`${at}/*/${FILES.dump}`]),
  ];
}

/** Each site puts its own days there, and can show them again. */
const seals = (provider: string, sites: readonly string[], at: string): PolicyStatement[] =>
  sites.flatMap((site) => {
    const by = (...roles: readonly string[]) => ({
      ArnEquals: {
        "aws:PrincipalArn": roles.map((role) => `arn:aws:iam::${provider}:role/${role}`),
      },
    });
    const readers = by(daysRole(site), sealsRole(site));
    const statements = [
      allow(["s3:PutObject"], [`${at}/seals/${site}/*`], by(daysRole(site))),
      allow(["s3:GetObject"], [`${at}/seals/${site}/*`], readers),
      allow(["s3:ListBucket"], [at], {
        ...readers,
        StringLike: { "s3:prefix": `seals/${site}/*` },
      }),
    ];
    for (const statement of statements) statement.addPrincipals(new AccountPrincipal(provider));
    return statements;
  });

/** What even an administrator of this account cannot do by accident; CloudFormation alone may change settings. */
function refusals({ account, retainDays }: Frozen, at: string): PolicyStatement[] {
  const refuse = (
    actions: readonly string[],
    resources: readonly string[],
    conditions?: Record<string, unknown>,
  ) => {
    const statement = deny(actions, resources, conditions);
    statement.addPrincipals(new AnyPrincipal());
    return statement;
  };
  const deployer = `arn:aws:iam::${account}:role/cdk-*-cfn-exec-role-*`;
  return [
    // A marker hides what is there; a version goes by its own name, and S3 refuses that until its time is over.
    refuse(["s3:DeleteObject", "s3:BypassGovernanceRetention"], [`${at}/*`]),
    refuse(["s3:DeleteObjectVersion"], [`${at}/*`], {
      StringNotEquals: { "aws:PrincipalAccount": account },
    }),
    // Locked for a hundred years is as wrong as not locked: nobody could undo it.
    refuse(["s3:PutObjectRetention"], [`${at}/*`], {
      NumericGreaterThan: { "s3:object-lock-remaining-retention-days": String(retainDays) },
    }),
    // A lock keeps a version, but what is asked for is the newest: nothing is put over a seal.
    refuse(["s3:PutObject"], [`${at}/seals/*`], { Null: { "s3:if-none-match": "true" } }),
    refuse(["s3:DeleteBucket"], [at]),
    refuse(
      [
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketVersioning",
        "s3:PutLifecycleConfiguration",
      ],
      [at],
      { ArnNotLike: { "aws:PrincipalArn": deployer } },
    ),
  ];
}
