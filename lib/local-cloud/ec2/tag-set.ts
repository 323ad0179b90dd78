import type { Tag } from "@aws-sdk/client-ec2";
import type { TagSet } from "./machines.ts";

export const tagSet = (tags: readonly Tag[] = []): TagSet =>
  Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));

export const tagList = (tags: TagSet): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
