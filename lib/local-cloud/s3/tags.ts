import { AwsError, type CallContext } from "../wire/service.ts";
import { type Buckets, objectOf, type Tag } from "./buckets.ts";

/** The `x-amz-tagging` header: `stage=test&team=a%20b`. */
export function parseTags(header: string | undefined): Tag[] {
  return checked([...new URLSearchParams(header ?? "")].map(([Key, Value]) => ({ Key, Value })));
}

/** AWS's limits. Throws InvalidTag or BadRequest. */
function checked(tags: readonly Partial<Tag>[]): Tag[] {
  if (tags.length > 10)
    throw new AwsError("BadRequest", "Object tags cannot be greater than 10", 400);
  return tags.map(({ Key = "", Value = "" }) => {
    if (Key === "" || Key.length > 128 || Value.length > 256)
      throw new AwsError("InvalidTag", `The tag '${Key}' is not valid`, 400);
    return { Key, Value };
  });
}

interface ObjectInput {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly VersionId?: string;
  readonly Tagging?: { readonly TagSet?: readonly Partial<Tag>[] };
}

export function tagOperations(buckets: Buckets) {
  const find = (input: ObjectInput, { region }: CallContext) =>
    objectOf(buckets.get(input.Bucket ?? "", region), input.Key ?? "", input.VersionId);
  return {
    async PutObjectTagging(input: ObjectInput, context: CallContext) {
      find(input, context).tags = checked(input.Tagging?.TagSet ?? []);
    },
    async GetObjectTagging(input: ObjectInput, context: CallContext) {
      return { TagSet: find(input, context).tags };
    },
    async DeleteObjectTagging(input: ObjectInput, context: CallContext) {
      find(input, context).tags = [];
    },
  };
}
