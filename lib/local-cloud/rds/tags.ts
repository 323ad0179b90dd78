import type {
  AddTagsToResourceMessage,
  ListTagsForResourceMessage,
  RemoveTagsFromResourceMessage,
  Tag,
  TagListMessage,
} from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import { invalidValue } from "./parameters.ts";
import { checkedTags } from "./tag-rules.ts";
import type { World } from "./world.ts";

export async function addTags(
  world: World,
  input: AddTagsToResourceMessage,
  { region }: CallContext,
): Promise<void> {
  const resource = tagged(world, region, input.ResourceName);
  const added = input.Tags ?? [];
  const tags = [
    ...without(
      resource.tags,
      added.map(({ Key }) => Key),
    ),
    ...added,
  ];
  resource.tags = checkedTags(input.ResourceName ?? "", tags);
}

export async function removeTags(
  world: World,
  input: RemoveTagsFromResourceMessage,
  { region }: CallContext,
): Promise<void> {
  const resource = tagged(world, region, input.ResourceName);
  resource.tags = without(resource.tags, input.TagKeys ?? []);
}

export async function listTags(
  world: World,
  input: ListTagsForResourceMessage,
  { region }: CallContext,
): Promise<TagListMessage> {
  return { TagList: [...tagged(world, region, input.ResourceName).tags] };
}

/** What policies go by. */
export function aboutOf(
  world: World,
  arn: string,
): { readonly tags: Readonly<Record<string, string>>; readonly key?: string } | undefined {
  const region = arn.split(":")[3] ?? "";
  try {
    const { tags, contents } = tagged(world, region, arn);
    const named = tags.map(({ Key = "", Value = "" }) => [Key, Value]);
    return {
      tags: Object.fromEntries(named),
      ...(contents?.kmsKey !== undefined && { key: contents.kmsKey }),
    };
  } catch {
    return undefined;
  }
}

const without = (tags: readonly Tag[], keys: readonly (string | undefined)[]) =>
  tags.filter(({ Key }) => !keys.includes(Key));

interface Tagged {
  tags: readonly Tag[];
  readonly contents?: { readonly kmsKey?: string };
}

/** @throws AwsError not found, or InvalidParameterValue for anything but the ARN of an instance, snapshot or automated backup */
function tagged(world: World, region: string, arn = ""): Tagged {
  if (/^arn:[^:]*:rds:[^:]*:[^:]*:db:/.test(arn)) return world.inventory.get(region, arn);
  if (/^arn:[^:]*:rds:[^:]*:[^:]*:snapshot:/.test(arn)) return world.snapshots.get(region, arn);
  if (/^arn:[^:]*:rds:[^:]*:[^:]*:auto-backup:/.test(arn)) {
    return world.automated.get(region, (one) => one.arn === arn, arn);
  }
  throw invalidValue(
    `Invalid resource name: ${arn}: expected the ARN of a DB instance, snapshot or automated backup.`,
  );
}
