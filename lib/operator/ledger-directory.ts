import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Shelf } from "../../functions/report/answering.ts";
import { UserError } from "../cli/user-error.ts";
import type { Copies, NamedShelf } from "./ledger-copies.ts";

const GZIP = 0x1f;
/** Beside the ledgers: a copy of the seals in the frozen bucket. */
const FROZEN = "frozen";

/**
 * The ledgers copied into a directory, one's keys as its files, or a directory for each of several, by their names: those of the directories,
 * none for the only one. Throws UserError where there is none.
 */
export function copiesIn(directory: string): Copies {
  const frozen = isDirectory(directory, FROZEN, "seals");
  return {
    ledgers: ledgersIn(directory),
    ...(frozen && { frozen: shelfAt(join(directory, FROZEN)) }),
  };
}

function ledgersIn(directory: string): readonly NamedShelf[] {
  const below = namesIn(directory);
  if (below === undefined) {
    throw new UserError(`--ledger: cannot read '${directory}': there is no such directory`);
  }
  const isLedger = (name: string) =>
    name !== FROZEN && ["rounds", "seals"].some((area) => isDirectory(directory, name, area));
  const places = ["", ...below.toSorted()].filter(isLedger);
  if (places.length > 0) return places.map((name) => namedShelf(name, join(directory, name)));
  throw new UserError(
    `--ledger: there is no rounds/ or seals/ in '${directory}' nor one level below; copy a ledger with: aws s3 sync s3://sla-ledger-ACCOUNT-REGION ${join(directory, "REGION")}`,
  );
}

const namedShelf = (name: string, path: string): NamedShelf => ({
  ...{ name, shelf: shelfAt(path) },
  ...(!isDirectory(path, "roles") && { partial: path }),
});

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
