import { randomUUID } from "node:crypto";
import { AwsError } from "../wire/service.ts";
import type { Secret, SecretVersion } from "./secrets.ts";

const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";

export interface NewValue {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
  /** Makes a repeated call harmless. */
  readonly ClientRequestToken?: string | undefined;
  readonly VersionStages?: readonly string[] | undefined;
}

/** Throws InvalidRequestException for a replica: its content is written in the primary's region. */
export function refuseReplica(secret: Secret): void {
  if (secret.primaryRegion !== secret.region)
    throw new AwsError(
      "InvalidRequestException",
      `Operation not permitted on a replica secret. Call must be made in primary secret's region ${secret.primaryRegion}.`,
    );
}

/** Adds a version and moves the stages to it. Throws ResourceExistsException for a reused token. */
export function addVersion({ content }: Secret, input: NewValue): SecretVersion {
  const id = input.ClientRequestToken ?? randomUUID();
  const before = content.versions.find((version) => version.id === id);
  if (before && isSameValue(before, input)) return before;
  if (before)
    throw new AwsError("ResourceExistsException", `A version ${id} with another value exists.`);
  const stages = new Set(input.VersionStages ?? [CURRENT]);
  const version = { id, createdAt: new Date(), value: contentOf(input), stages };
  if (stages.has(CURRENT)) retire(content.versions);
  for (const each of content.versions) for (const stage of stages) each.stages.delete(stage);
  // AWS drops versions that no stage names.
  content.versions = [...content.versions.filter((each) => each.stages.size > 0), version];
  content.changedAt = version.createdAt;
  return version;
}

function retire(versions: readonly SecretVersion[]): void {
  for (const version of versions) {
    version.stages.delete(PREVIOUS);
    if (version.stages.delete(CURRENT)) version.stages.add(PREVIOUS);
  }
}

function contentOf({ SecretString, SecretBinary }: NewValue): SecretVersion["value"] {
  return {
    ...(SecretString !== undefined && { SecretString }),
    ...(SecretBinary !== undefined && { SecretBinary }),
  };
}

const isSameValue = ({ value }: SecretVersion, input: NewValue) =>
  value.SecretString === input.SecretString &&
  Buffer.compare(value.SecretBinary ?? Buffer.alloc(0), input.SecretBinary ?? Buffer.alloc(0)) ===
    0;

/** The version with that id and stage. Throws ResourceNotFoundException. */
export function findVersion(
  { content }: Secret,
  id: string | undefined,
  stage: string | undefined,
): SecretVersion {
  const wanted = stage ?? (id === undefined ? CURRENT : undefined);
  const found = content.versions.find(
    (version) =>
      (id === undefined || version.id === id) &&
      (wanted === undefined || version.stages.has(wanted)),
  );
  if (found) return found;
  const asked = wanted ? `staging label: ${wanted}` : `VersionId: ${id}`;
  throw new AwsError(
    "ResourceNotFoundException",
    `Secrets Manager can't find the specified secret value for ${asked}`,
  );
}
