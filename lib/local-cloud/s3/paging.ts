export interface Page {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last key or common prefix of the page: `after` of the next one. */
  readonly last: string | undefined;
}

export interface PageRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Exclusive; a common prefix leaves out all that is below it. */
  readonly after: string;
  readonly max: number;
}

/** One page of a listing: keys in order, those that share a prefix up to the delimiter rolled into one. */
export function pageOf(keys: Iterable<string>, request: PageRequest): Page {
  const { prefix, delimiter, after, max } = request;
  const entries = [
    ...new Set(
      [...keys]
        .filter((key) => key.startsWith(prefix))
        .map((key) => entryOf(key, prefix, delimiter)),
    ),
  ]
    .filter((entry) => entry > after)
    .toSorted((a, b) => (a < b ? -1 : 1));
  const page = entries.slice(0, max);
  const isPrefix = (entry: string) => rollsUp(entry, prefix, delimiter);
  return {
    keys: page.filter((entry) => !isPrefix(entry)),
    prefixes: page.filter(isPrefix),
    isTruncated: entries.length > page.length && max > 0,
    last: page.at(-1),
  };
}

function entryOf(key: string, prefix: string, delimiter: string): string {
  if (delimiter === "") return key;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? key : key.slice(0, end + delimiter.length);
}

const rollsUp = (entry: string, prefix: string, delimiter: string) =>
  delimiter !== "" && entry.indexOf(delimiter, prefix.length) >= 0;
