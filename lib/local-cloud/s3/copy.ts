import type { CopyObjectRequest } from "@aws-sdk/client-s3";
import { AwsError, type CallContext } from "../wire/service.ts";
import type { Bodies } from "./bodies.ts";
import { type Buckets, objectOf, type StoredObject } from "./buckets.ts";
import { conditionally } from "./conditional.ts";
import { checkRead } from "./conditions.ts";
import { described, make, versionFields, written } from "./making.ts";
import { wanted } from "./receiving.ts";

export function copyOperations(buckets: Buckets, bodies: Bodies) {
  return {
    async CopyObject(input: CopyObjectRequest, { region }: CallContext) {
      const source = sourceOf(buckets, input.CopySource ?? "");
      checkRead(
        {
          IfMatch: input.CopySourceIfMatch,
          IfNoneMatch: input.CopySourceIfNoneMatch,
          IfModifiedSince: input.CopySourceIfModifiedSince,
          IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
        },
        source,
      );
      const bucket = buckets.get(input.Bucket ?? "", region);
      return conditionally(bucket, input.Key ?? "", input, async () => {
        const { body, md5, computed } = await bodies.receive(whole(source), wanted({ ...input }));
        const making = {
          ...copied(input, source),
          etag: `"${md5.toString("hex")}"`,
          checksums: computed,
        };
        const commit = () => {
          const object = make(bucket, body, making);
          const { VersionId, ServerSideEncryption } = written(object);
          return {
            CopyObjectResult: { ETag: object.etag, LastModified: object.at, ...object.checksums },
            VersionId,
            ServerSideEncryption,
            CopySourceVersionId: versionFields(source).VersionId,
          };
        };
        return { commit, abandon: () => body.discard() };
      });
    },
  };
}

/** What a copy takes over from its source unless told to REPLACE. */
function copied(input: CopyObjectRequest, source: StoredObject) {
  const own = described(input);
  return {
    ...own,
    ...(input.MetadataDirective !== "REPLACE" && {
      headers: source.headers,
      metadata: source.metadata,
    }),
    ...(input.TaggingDirective !== "REPLACE" && { tags: source.tags }),
  };
}

/** `bucket/key` or `/bucket/key`, percent-encoded, with an optional `?versionId=`. */
function sourceOf(buckets: Buckets, text: string): StoredObject {
  const [path = "", id] = text.split("?versionId=");
  const [, bucket = "", key = ""] = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(path)) ?? [];
  if (key === "") throw new AwsError("InvalidArgument", `Copy source '${text}' is not valid`, 400);
  return objectOf(buckets.get(bucket), key, id);
}

const whole = ({ body }: StoredObject) =>
  body.size === 0 ? undefined : body.read(0, body.size - 1);
