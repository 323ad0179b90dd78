import type { Tag } from "@aws-sdk/client-rds";
import { invalidValue } from "./parameters.ts";

const MOST_TAGS = 50;
const MOST_CHARACTERS = { key: 128, value: 256 } as const;
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The tags that a resource would have. @throws AwsError InvalidParameterValue */
export function checkedTags(resource: string, tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MOST_TAGS) {
    throw invalidValue(
      `${resource} would have ${tags.length} tags; at most ${MOST_TAGS} are allowed.`,
    );
  }
  for (const { Key = "", Value = "" } of tags) {
    const isFit =
      Key.length > 0 && Key.length <= MOST_CHARACTERS.key && Value.length <= MOST_CHARACTERS.value;
    if (!isFit || !ALLOWED.test(Key) || !ALLOWED.test(Value)) {
      throw invalidValue(
        `Tag '${Key}' = '${Value}' of ${resource}: letters, digits, spaces and _.:/=+-@, 1 to ${MOST_CHARACTERS.key} in a key, at most ${MOST_CHARACTERS.value} in a value.`,
      );
    }
    if (/^aws:/i.test(Key)) {
      throw invalidValue(`Tag keys cannot start with the reserved prefix aws: '${Key}'.`);
    }
  }
  return tags;
}
