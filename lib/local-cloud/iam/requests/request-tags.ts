import type { Context } from "../conditions.ts";

/** What a request says of the tags that it gives. */
export const requestTags = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Context =>
  Object.fromEntries([
    ...tags.map(({ Key = "", Value }) => [`aws:requesttag/${Key.toLowerCase()}`, Value]),
    ["aws:tagkeys", tags.map(({ Key = "" }) => Key)],
  ]);
