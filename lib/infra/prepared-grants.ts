import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { RESTORE_SECRET, SUBNET_GROUP } from "../../functions/restore/contract.ts";
import { allParameterGroups, type Fleet } from "../sla/fleet.ts";
import { loginsOf } from "../sla/recovery-needs.ts";
import { listingsOf, secretPatterns } from "../sla/secret-patterns.ts";
import { allow } from "./bundled-function.ts";
import { secretOrNone } from "./secret-arns.ts";
import { readZones } from "./zone-arns.ts";

/** Sees what is prepared here and what it stands in for elsewhere; opens secrets of its own region only. */
export function preparedGrants(fleet: Fleet, region: string): readonly PolicyStatement[] {
  const { account } = fleet.provider;
  const rds = (place: string, kind: string, name: string) =>
    `arn:aws:rds:${place}:${account}:${kind}:${name}`;
  const groups = Object.entries(fleet.sites).flatMap(([region, site]) =>
    allParameterGroups(site).map((name) => rds(region, "pg", name)),
  );
  const sites = Object.keys(fleet.sites);
  const logins = secretPatterns(fleet.instances.flatMap(loginsOf), listingsOf(sites.length));
  const secrets = (place: string, names: readonly string[]) =>
    names.flatMap((name) => secretOrNone(account, place, name));
  const here = secrets(region, [...logins, RESTORE_SECRET]);
  const elsewhere = sites.filter((site) => site !== region);
  return [
    allow(["rds:DescribeDBSubnetGroups"], [rds(region, "subgrp", SUBNET_GROUP)]),
    allow(["rds:DescribeDBParameterGroups", "rds:DescribeDBParameters"], groups),
    allow(["rds:DescribeDBSnapshots"], [rds(region, "snapshot", "*")]),
    allow(["rds:DescribeDBInstances"], [rds(region, "db", "*")]),
    // EC2 knows no resource for either; the regions are those that are looked at.
    allow(["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets"], ["*"], {
      StringEquals: { "aws:RequestedRegion": Object.keys(fleet.sites) },
    }),
    allow(["route53:ListResourceRecordSets"], readZones(fleet)),
    // A list has no narrower resource.
    allow(["route53:ListHealthChecks"], ["*"]),
    allow(["kms:DescribeKey"], [`arn:aws:kms:${region}:${account}:key/*`]),
    allow(["secretsmanager:GetSecretValue"], here),
    allow(
      ["secretsmanager:DescribeSecret"],
      [...here, ...elsewhere.flatMap((site) => secrets(site, logins))],
    ),
  ];
}
