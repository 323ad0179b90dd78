import { AwsError } from "../wire/service.ts";
import type { StoredObject } from "./buckets.ts";

/** `If-None-Match: *` and `If-Match: <etag>` of a write. */
export interface WriteCondition {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/** Throws PreconditionFailed, NoSuchKey or NotImplemented. */
export function checkWrite(
  { IfMatch, IfNoneMatch }: WriteCondition,
  before: StoredObject | undefined,
): void {
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== "*")
      throw new AwsError("NotImplemented", "S3 writes know 'If-None-Match: *' only", 501);
    if (before) throw preconditionFailed("If-None-Match");
  }
  if (IfMatch === undefined) return;
  if (!before) throw new AwsError("NoSuchKey", "The specified key does not exist.", 404);
  if (!matches(IfMatch, before)) throw preconditionFailed("If-Match");
}

/**
 * The same once the body is in. What was true at the start and is no longer was made untrue by
 * another request: AWS answers 409, except to the loser of a race to create, who gets 412.
 */
export function checkCommit(
  condition: WriteCondition,
  atStart: StoredObject | undefined,
  now: StoredObject | undefined,
): void {
  if (now === atStart) return;
  if (condition.IfMatch !== undefined) throw conflict();
  checkWrite(condition, now);
}

interface ReadCondition extends WriteCondition {
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/** Throws PreconditionFailed (412) or NotModified (304). */
export function checkRead(condition: ReadCondition, object: StoredObject): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = condition;
  if (IfMatch !== undefined ? !matches(IfMatch, object) : isAfter(object.at, IfUnmodifiedSince))
    throw preconditionFailed(IfMatch !== undefined ? "If-Match" : "If-Unmodified-Since");
  const isKnown =
    IfNoneMatch !== undefined
      ? matches(IfNoneMatch, object)
      : IfModifiedSince !== undefined && !isAfter(object.at, IfModifiedSince);
  if (isKnown) throw new AwsError("NotModified", "Not Modified", 304);
}

/** HTTP dates have whole seconds. */
const isAfter = (at: Date, limit: Date | undefined) =>
  limit !== undefined && Math.floor(at.getTime() / 1000) > Math.floor(limit.getTime() / 1000);

const matches = (tag: string, { etag }: StoredObject) =>
  tag === "*" || tag.replaceAll('"', "") === etag.replaceAll('"', "");

const preconditionFailed = (condition: string) =>
  new AwsError(
    "PreconditionFailed",
    `At least one of the pre-conditions you specified did not hold: ${condition}`,
    412,
  );

const conflict = () =>
  new AwsError(
    "ConditionalRequestConflict",
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
    409,
  );
