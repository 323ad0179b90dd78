import { type Filestore, filestoreOf } from "../sla/backups/filestore.ts";
import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";
import { type Path, pathText } from "./problem.ts";

interface Store {
  readonly path: Path;
  readonly address: string;
  /** With a slash at its end. */
  readonly root: string;
}

/** No instance's backups may hold what is another's, nor what this product itself writes. */
export function filestoresApart({ instances }: Draft): readonly Mistake[] {
  const stores = instances.flatMap(({ index, instance: { filestore }, doubtful }): Store[] => {
    if (filestore === undefined || doubtful.has("filestore")) return [];
    const root = rootOf(filestoreOf(filestore));
    return [{ path: ["instances", index, "filestore"], address: filestore, root }];
  });
  return [...stores.flatMap(ours), ...nested(stores)];
}

const rootOf = ({ bucket, prefix }: Filestore) => `${bucket}/${prefix}`;

const ours = ({ path, address, root }: Store): Mistake[] =>
  /^sla-(ledger|files)-\d{12}-/.test(root)
    ? [{ path, message: `'${address}' is a bucket of this product: expected where the files lie` }]
    : [];

/** Sorted, whatever lies in another one follows it at once, or after others that do. */
function nested(stores: readonly Store[]): readonly Mistake[] {
  const sorted = stores.toSorted(
    (one, other) => Number(one.root > other.root) - Number(one.root < other.root),
  );
  const found: Mistake[] = [];
  let [holder] = sorted;
  for (const store of sorted.slice(1)) {
    if (!holder || !store.root.startsWith(holder.root)) {
      holder = store;
      continue;
    }
    const message = `'${store.address}' lies in ${pathText(holder.path)}, '${holder.address}', whose backups would hold these files: expected one of its own`;
    found.push({ path: store.path, message });
  }
  return found;
}
