import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Shelf } from "../../functions/report/answering.ts";
import { UserError } from "../cli/user-error.ts";

const GZIP = 0x1f;
/** Beside the ledgers: a copy of the seals in the frozen bucket. */
const FROZEN = "frozen";

interface NamedShelf {
  readonly name: string;
  readonly shelf: Shelf;
}

/** Those copied into a directory that lack what only a whole ledger has: who plays which part. Throws UserError. */
export const partialLedgers = (directory: string): readonly string[] =>
  ledgersIn(directory)
    .map(({ name }) => join(directory, name))
    .filter((path) => !isDirectory(path, "roles"));

/**
 * The ledgers copied into a directory, one's keys as its files, or a directory for each of several, which names it. Throws
 * UserError where there is none.
 */
export function ledgersIn(directory: string): readonly NamedShelf[] {
  const below = namesIn(directory);
  if (below === undefined) {
    throw new UserError(`--ledger: cannot read '${directory}': there is no such directory`);
  }
  const isLedger = (name: string) =>
    name !== FROZEN && ["rounds", "seals"].some((area) => isDirectory(directory, name, area));
  const places = ["", ...below.toSorted()].filter(isLedger);
  if (places.length > 0) {
    return places.map((name) => ({ name, shelf: shelfAt(join(directory, name)) }));
  }
  throw new UserError(
    `--ledger: there is no rounds/ or seals/ in '${directory}' nor one level below; copy a ledger with: aws s3 sync s3://sla-ledger-ACCOUNT-REGION ${join(directory, "REGION")}`,
  );
}

/** The copy of the frozen bucket beside the ledgers; undefined if there is none. */
export const frozenIn = (directory: string): Shelf | undefined =>
  isDirectory(directory, FROZEN, "seals") ? shelfAt(join(directory, FROZEN)) : undefined;

const shelfAt = (directory: string): Shelf => ({
  async read<T>(key: string) {
    const json = textAt(directory, key);
    return json === undefined ? undefined : { value: JSON.parse(json) as T, tag: "" };
  },

  text: async (key) => textAt(directory, key),

  async list(prefix) {
    const names = filesIn(join(directory, prefix));
    return names.toSorted().map((name) => ({
      ...{ key: `${prefix}${name}`, tag: "" },
      // Asked of few: a month has 45,000 rounds.
      get writtenAt() {
        return statSync(join(directory, prefix, name)).mtime.toISOString();
      },
    }));
  },
});

function textAt(directory: string, key: string): string | undefined {
  const bytes = bytesAt(join(directory, key));
  // Some tools unpack what they copy.
  const json = bytes?.[0] === GZIP ? gunzipSync(bytes) : bytes;
  return json?.toString("utf8");
}

/** At whatever depth, `acme/one.json`. */
function filesIn(directory: string): readonly string[] {
  if (!isDirectory(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
}

/** Undefined where there is no such directory. */
function namesIn(directory: string): string[] | undefined {
  try {
    return readdirSync(directory);
  } catch {
    return undefined;
  }
}

function bytesAt(path: string): Buffer | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path) : undefined;
}

function isDirectory(...parts: readonly string[]): boolean {
  return statSync(join(...parts), { throwIfNoEntry: false })?.isDirectory() === true;
}
