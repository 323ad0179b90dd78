import { createHash } from "node:crypto";
import { AwsError } from "../wire/service.ts";

/** Kinds of things with an ARN of their own. */
export type Kind = "db" | "snapshot" | "auto-backup" | "pg" | "subgrp";

export const arnOf = (account: string, region: string, kind: Kind, id: string) =>
  `arn:aws:rds:${region}:${account}:${kind}:${id}`;

/** `<id>.<hash>.<region>.rds.amazonaws.com`; the hash is that of the account and region, as on RDS. */
export function endpointName(account: string, region: string, id: string): string {
  const digest = createHash("sha256").update(`${account}/${region}`).digest("hex");
  const hash = BigInt(`0x${digest.slice(0, 16)}`)
    .toString(36)
    .padStart(12, "c")
    .slice(0, 12);
  return `${id}.${hash}.${region}.rds.amazonaws.com`;
}

/** Region and identifier meant by an identifier or ARN in a call to `region`. */
export function place(reference: string, region: string): { region: string; id: string } {
  const [scheme, , , arnRegion, , , ...rest] = reference.split(":");
  if (scheme !== "arn" || arnRegion === undefined) return { region, id: reference.toLowerCase() };
  return { region: arnRegion, id: rest.join(":").toLowerCase() };
}

const IDENTIFIER = /^[a-z](?:-?[a-z0-9])*$/;

/** @throws AwsError InvalidParameterValue */
export function checkedIdentifier(
  parameter: string,
  value: string | undefined,
  max: number,
): string {
  const id = value?.toLowerCase() ?? "";
  if (id.length <= max && IDENTIFIER.test(id)) return id;
  throw new AwsError(
    "InvalidParameterValue",
    `The parameter ${parameter} is not a valid identifier: '${value ?? ""}'. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; must not end with a hyphen or contain two consecutive hyphens; at most ${max} characters.`,
    400,
  );
}
