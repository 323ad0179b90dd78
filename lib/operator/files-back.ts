import type { RestorePoint } from "../../functions/failover/ports.ts";
import {
  type Archive,
  type RestorePorts,
  restoreFiles,
  type Target,
} from "../../functions/files/restore.ts";
import { prefixes } from "../../functions/ledger/contract.ts";
import type { Manifests } from "../../functions/reconcile/ports.ts";
import { UserError } from "../cli/user-error.ts";
import { soldFilestore } from "../sla/backups/filestore.ts";
import type { Manifest } from "../sla/backups/manifest.ts";
import type { Instance } from "../sla/fleet.ts";
import { isSameSeat, type Seat } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import { rolesOf } from "./roles-of.ts";

/** The replicas of every region, as far as their files are brought back. functions/aws has the real ones. */
export interface Replicas {
  manifests(region: string): Manifests;
  archive(region: string): Archive;
  target(region: string): Target;
}

export interface FilesWish {
  /** `s3://bucket/prefix`, empty but for what an earlier call restored. */
  readonly to: string;
  readonly region?: string;
  readonly backup?: string;
}

export interface FilesPlan {
  readonly instance: string;
  readonly region: string;
  readonly to: string;
  readonly manifest: Manifest;
  readonly bytes: number;
  /** Why this backup. */
  readonly because: string;
}

/**
 * Which files would be brought back from where. Without another wish: those of the backup from which the instance was last recovered, else of
 * the newest, where its primary is. Throws UserError where there are none, or they would go where the customer's own lie.
 */
export async function planFiles(
  access: Access,
  replicas: Replicas,
  instance: Instance,
  wish: FilesWish,
): Promise<FilesPlan> {
  const { id } = instance;
  if (soldFilestore(access.fleet, instance) === undefined) {
    throw new UserError(
      `${id}: its plan '${instance.plan}' keeps no files, or the fleet names no filestore of it`,
    );
  }
  const { primary } = await rolesOf(access, id);
  const region = wish.region ?? primary.region;
  if (!access.fleet.sites[region]) {
    throw new UserError(
      `--region: '${region}' is no site; sites are ${Object.keys(access.fleet.sites).join(", ")}`,
    );
  }
  const known = [...((await replicas.manifests(region).all()).get(id) ?? [])].toSorted();
  const recovered =
    wish.backup === undefined ? await recoveredFrom(access, id, primary) : undefined;
  const backup = wish.backup ?? (recovered && known.includes(recovered) ? recovered : known.at(-1));
  const manifest =
    backup === undefined ? undefined : await replicas.archive(region).manifest(id, backup);
  if (!manifest) throw none(id, region, wish.backup, known);
  return {
    ...{ instance: id, region, to: wish.to, manifest },
    bytes: manifest.files.reduce((sum, { size }) => sum + size, 0),
    because: reason(wish, manifest.backup, recovered),
  };
}

function reason({ backup }: FilesWish, chosen: string, recovered: string | undefined): string {
  if (backup !== undefined) return "as you said";
  return chosen === recovered ? "from which it was recovered" : "the newest with files there";
}

/** Throws UserError: no place in S3, or one among the customer's own files. */
export function refuseTarget({ id, filestore }: Instance, to: string): void {
  if (!/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/.test(to)) {
    throw new UserError(`--to: '${to}': expected an S3 location, like s3://bucket/prefix`);
  }
  const path = (address: string) => `${address.replace(/\/+$/, "")}/`;
  if (filestore === undefined || !path(to).startsWith(path(filestore))) return;
  throw new UserError(
    `--to: '${to}' is where the files of ${id} live: restore beside them, look, and let the application change over`,
  );
}

/** What a recovery wrote down when it began. */
interface RecoveryBegun {
  readonly before: { readonly standby: Seat };
  readonly restored: { readonly point: RestorePoint };
}

/** By the recovery that put the primary where it is, whatever came of its roles since; undefined where none did, or it was of logs. */
async function recoveredFrom({ ledgers }: Access, id: string, primary: Seat) {
  const ledger = ledgers(primary.region);
  const listed = await ledger.list(`${prefixes.failovers(id)}rc-`);
  const begun = listed.filter(({ key }) => key.endsWith("/admit.json")).toReversed();
  for (const { key } of begun) {
    const found = (await ledger.read<RecoveryBegun>(key))?.value;
    if (!found || !isSameSeat(found.before.standby, primary)) continue;
    const { point } = found.restored;
    return point.from === "backup" ? point.id : undefined;
  }
  return undefined;
}

function none(id: string, region: string, asked: string | undefined, known: readonly string[]) {
  if (asked === undefined || known.length === 0) {
    return new UserError(
      `${region} has no files of a backup of ${id}: sla backups ${id} shows which places have them (--region)`,
      1,
    );
  }
  const newest = known.slice(-5).join(", ");
  return new UserError(
    `--backup: ${region} has no files of '${asked}'; the newest that have are ${newest}`,
  );
}

/** Copies them, telling how many there are now and then; a repeat changes nothing. Resolves with how many. */
export async function bringBack(
  { clock }: Pick<Access, "clock">,
  replicas: Replicas,
  { instance, region, to, manifest }: FilesPlan,
  tell: (done: number, of: number) => void,
): Promise<number> {
  const of = manifest.files.length;
  let done = 0;
  let toldMs = clock.now().getTime();
  const { keys: keysOf, copy } = replicas.target(region);
  const target: Target = {
    keys: keysOf,
    async copy(order) {
      const outcome = await copy(order);
      done += 1;
      const nowMs = clock.now().getTime();
      if (nowMs - toldMs >= TELL_MS) {
        toldMs = nowMs;
        tell(done, of);
      }
      return outcome;
    },
  };
  const ports: RestorePorts = { archive: replicas.archive(region), target, clock };
  const request = { instance, backup: manifest.backup, target: to };
  let answer = await restoreFiles(request, ports);
  for (let stuck = 0; answer.next !== undefined; ) {
    done = answer.next;
    const more = await restoreFiles({ ...request, next: answer.next }, ports);
    stuck = more.next === answer.next ? stuck + 1 : 0;
    if (stuck === PATIENCE) throw stuckAt(manifest, answer.next);
    answer = more;
  }
  return answer.restored;
}

/** Rounds of ten minutes in which nothing has arrived. */
const PATIENCE = 3;

const stuckAt = ({ files }: Manifest, next: number) =>
  new UserError(
    `${files[next]?.key}: ${PATIENCE} times not copied within ten minutes; say the command again once S3 is faster, it goes on where it was`,
    1,
  );

/** Real time: nothing is waited for. */
const TELL_MS = 5000;
