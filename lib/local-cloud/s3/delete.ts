import type { DeleteObjectRequest, DeleteObjectsRequest } from "@aws-sdk/client-s3";
import { AwsError, type CallContext } from "../wire/service.ts";
import { type Bucket, type Buckets, current, type Version, versionOf } from "./buckets.ts";
import { checkWrite } from "./conditions.ts";
import { refuseIfLocked } from "./lock.ts";
import { drop, nextVersionId, push } from "./versions.ts";

interface Target {
  readonly key: string;
  readonly id: string | undefined;
  readonly bypassGovernance: boolean;
}

export function deleteOperations(buckets: Buckets) {
  return {
    async DeleteObject(input: DeleteObjectRequest, { region }: CallContext) {
      const bucket = buckets.get(input.Bucket ?? "", region);
      const key = input.Key ?? "";
      if (input.IfMatch !== undefined) checkWrite({ IfMatch: input.IfMatch }, current(bucket, key));
      const bypassGovernance = input.BypassGovernanceRetention ?? false;
      return remove(bucket, { key, id: input.VersionId, bypassGovernance });
    },

    async DeleteObjects(input: DeleteObjectsRequest, { region }: CallContext) {
      const bucket = buckets.get(input.Bucket ?? "", region);
      const bypassGovernance = input.BypassGovernanceRetention ?? false;
      const results = (input.Delete?.Objects ?? []).map(({ Key: key = "", VersionId: id }) =>
        attempt(bucket, { key, id, bypassGovernance }),
      );
      return {
        Deleted: input.Delete?.Quiet ? [] : results.flatMap(({ deleted }) => deleted ?? []),
        Errors: results.flatMap(({ error }) => error ?? []),
      };
    },
  };
}

/** One of many deletions: a refusal is reported and stops nothing. */
function attempt(bucket: Bucket, target: Target) {
  const named = { Key: target.key, VersionId: target.id };
  try {
    const { DeleteMarker, VersionId } = remove(bucket, target);
    return {
      deleted: { ...named, DeleteMarker, DeleteMarkerVersionId: DeleteMarker && VersionId },
    };
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) throw thrown;
    return { error: { ...named, Code: thrown.code, Message: thrown.message } };
  }
}

function remove(bucket: Bucket, target: Target): { DeleteMarker?: boolean; VersionId?: string } {
  if (target.id !== undefined) return removeVersion(bucket, target, target.id);
  if (bucket.versioning === undefined) {
    const before = bucket.versions.get(target.key)?.[0];
    if (before) drop(bucket, before);
    return {};
  }
  const id = nextVersionId(bucket);
  push(bucket, { kind: "marker", id, key: target.key, at: new Date() });
  return { DeleteMarker: true, VersionId: id };
}

function removeVersion(bucket: Bucket, { key, bypassGovernance }: Target, id: string) {
  const version = versionOf(bucket, key, id);
  if (version) dropUnlocked(bucket, version, bypassGovernance);
  return { VersionId: id, ...(version?.kind === "marker" && { DeleteMarker: true }) };
}

function dropUnlocked(bucket: Bucket, version: Version, bypassGovernance: boolean): void {
  if (version.kind === "object") refuseIfLocked(version, bypassGovernance, new Date());
  drop(bucket, version);
}
