import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { keys, ledgerBucket } from "../../functions/ledger/contract.ts";
import { BOOTSTRAP_PARAMETER } from "../../functions/live/contract.ts";
import { ALERTS_TOPIC, NOTIFY_FUNCTION, OPERATORS_TOPIC } from "../../functions/notify/contract.ts";
import type { Fleet } from "../sla/fleet.ts";
import { regionsOf, sealedIn } from "../sla/live/judge-region.ts";
import { loginsOf } from "../sla/recovery-needs.ts";
import { secretPatterns } from "../sla/secret-patterns.ts";
import { arns } from "./arns.ts";
import { allow } from "./bundled-function.ts";
import { clusterGrants } from "./cluster-grants.ts";
import { secretOrNone } from "./secret-arns.ts";
import { readZones } from "./zone-arns.ts";

/** Sees how the account is, opens no secret, and writes its own record alone. */
export function liveGrants(fleet: Fleet, region: string): readonly PolicyStatement[] {
  const { account } = fleet.provider;
  const sites = Object.keys(fleet.sites);
  const everywhere = regionsOf(fleet);
  const at = (service: string, places: readonly string[], names: readonly string[]) =>
    places.flatMap((place) =>
      names.map((name) => `arn:aws:${service}:${place}:${account}:${name}`),
    );
  const secrets = secretPatterns(fleet.instances.flatMap(loginsOf), 2 * sites.length);
  return [
    ...ledgerGrants(account, region, sites),
    allow(["lambda:InvokeFunction"], at("lambda", [region], [`function:${NOTIFY_FUNCTION}`])),
    allow(["rds:DescribeDBInstances"], at("rds", sites, ["db:*"])),
    ...parameterGrants(fleet),
    ...clusterGrants(arns(fleet, region)).describe,
    allow(["ssm:GetParameter"], at("ssm", everywhere, [`parameter${BOOTSTRAP_PARAMETER}`])),
    allow(["sns:ListSubscriptionsByTopic"], at("sns", sites, [ALERTS_TOPIC, OPERATORS_TOPIC])),
    allow(
      ["secretsmanager:DescribeSecret"],
      sites.flatMap((site) => secrets.flatMap((name) => secretOrNone(account, site, name))),
    ),
    allow(["route53:ListResourceRecordSets"], readZones(fleet)),
    ...sealedGrants(fleet),
    // What the account as a whole has: no narrower resource.
    allow(
      [
        "ec2:DescribeRegions",
        "lambda:GetAccountSettings",
        "rds:DescribeAccountAttributes",
        "route53:GetAccountLimit",
        "route53:ListHealthChecks",
      ],
      ["*"],
    ),
  ];
}

/** Of networks in which machines are started from images, where somebody is sold that; EC2 knows no resource for either. */
function sealedGrants(fleet: Fleet) {
  const regions = Object.keys(fleet.sites).filter((site) => sealedIn(fleet, site));
  return regions.length === 0
    ? []
    : [
        allow(["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets"], ["*"], {
          StringEquals: { "aws:RequestedRegion": regions },
        }),
      ];
}

/** Of databases whose parameters decide what a standby is worth; of whichever group they run with. */
function parameterGrants({ provider: { account }, sites, instances }: Fleet) {
  const isAsked = instances.some(({ database }) => (database.engine ?? "postgres") !== "postgres");
  const groups = Object.keys(sites).map((site) => `arn:aws:rds:${site}:${account}:pg:*`);
  return isAsked
    ? [allow(["rds:DescribeDBParameterGroups", "rds:DescribeDBParameters"], groups)]
    : [];
}

/** Roles and locks of all, and what watches saw; the fleet here; its own record. */
function ledgerGrants(account: string, region: string, sites: readonly string[]) {
  const at = (site: string) => `arn:aws:s3:::${ledgerBucket(account, site)}`;
  const own = `${at(region)}/${keys.live(region)}`;
  const folders = sites.flatMap((site) =>
    ["roles", "locks", "shards"].map((folder) => `${at(site)}/${folder}/*`),
  );
  return [
    allow(["s3:GetObject"], [`${at(region)}/fleet/*`, own, ...folders]),
    allow(["s3:PutObject"], [own]),
    // Without it a key that is not there yet answers like one that is forbidden.
    allow(["s3:ListBucket"], sites.map(at)),
  ];
}
