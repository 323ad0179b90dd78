import type { FilesRequest } from "../../functions/files/contract.ts";
import { type FilesReport, files } from "../../functions/files/files.ts";
import type {
  CopyOrder,
  CopyOutcome,
  Papers,
  Replica,
  Source,
} from "../../functions/files/ports.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import type { Manifests } from "../../functions/reconcile/ports.ts";
import type { Filestore } from "../../lib/sla/backups/filestore.ts";
import type { Manifest } from "../../lib/sla/backups/manifest.ts";
import type { ReplicaFile, SourceFile } from "../../lib/sla/backups/mirror.ts";

/** Files of all filestores: by `bucket/prefix/key`, what is in them. */
export class MemoryFilestores implements Source {
  readonly objects = new Map<string, string>();
  /** Buckets that refuse everything. */
  readonly refusing = new Set<string>();
  /** Happens once, right after a list was made. */
  meanwhile: (() => void | Promise<void>) | undefined;

  put(filestore: string, key: string, content: string): void {
    this.objects.set(`${filestore}/${key}`, content);
  }

  remove(filestore: string, key: string): void {
    this.objects.delete(`${filestore}/${key}`);
  }

  /** As it is now, key by key. */
  contents(filestore: string): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.objects].flatMap(([path, content]) =>
        path.startsWith(`${filestore}/`) ? [[path.slice(filestore.length + 1), content]] : [],
      ),
    );
  }

  async list({ bucket, prefix }: Filestore): Promise<readonly SourceFile[]> {
    if (this.refusing.has(bucket)) {
      throw new SlaError("CloudRefused", "operator", `list s3://${bucket}: AccessDenied`);
    }
    const root = `${bucket}/${prefix}`;
    const found = [...this.objects].flatMap(([path, content]) =>
      path.startsWith(root) ? [shown(path.slice(root.length), content)] : [],
    );
    const change = this.meanwhile;
    this.meanwhile = undefined;
    await change?.();
    return found;
  }
}

const shown = (key: string, content: string): SourceFile => ({
  ...{ key, size: content.length, etag: tagOf(content) },
});

/** No two contents have the same. */
const tagOf = (content: string) => `"${content}"`;

interface Version {
  readonly versionId: string;
  /** Absent: a delete marker. */
  readonly content?: string;
  readonly etag: string;
}

/** The files bucket of one region. */
export class MemoryReplica implements Replica, Papers, Manifests {
  /** Of `instance/key`, newest last. */
  readonly versions = new Map<string, Version[]>();
  readonly manifests = new Map<string, Manifest>();
  /** Copies of contents that begin so get another ETag than their original. */
  readonly inParts = "parts";
  /** Happens before every copy. */
  beforeCopy: (() => void | Promise<void>) | undefined;
  copies = 0;
  readonly #source: MemoryFilestores;
  readonly #originals = new Map<string, ReadonlyMap<string, string>>();

  constructor(source: MemoryFilestores) {
    this.#source = source;
  }

  async list(instance: string): Promise<ReadonlyMap<string, ReplicaFile>> {
    return new Map(
      [...this.versions].flatMap(([path, all]) => {
        const newest = all.at(-1);
        if (!path.startsWith(`${instance}/`) || newest?.content === undefined) return [];
        const { versionId, content, etag } = newest;
        return [[path.slice(instance.length + 1), { versionId, etag, size: content.length }]];
      }),
    );
  }

  async copy({ instance, from, file }: CopyOrder): Promise<CopyOutcome> {
    await this.beforeCopy?.();
    const content = this.#source.objects.get(`${from.bucket}/${from.prefix}${file.key}`);
    if (content === undefined || tagOf(content) !== file.etag) return { kind: "changed" };
    const etag = content.startsWith(this.inParts) ? `"${content}-2"` : tagOf(content);
    return {
      kind: "copied",
      etag,
      versionId: this.#push(`${instance}/${file.key}`, etag, content),
    };
  }

  async remove(instance: string, keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#push(`${instance}/${key}`, "");
  }

  async drop(_instance: string, backup: string): Promise<void> {
    this.manifests.delete(backup);
  }

  originals = async (instance: string) => this.#originals.get(instance) ?? new Map();
  keepOriginals = async (instance: string, originals: ReadonlyMap<string, string>) => {
    this.#originals.set(instance, originals);
  };

  async write(manifest: Manifest): Promise<void> {
    if (!this.manifests.has(manifest.backup)) this.manifests.set(manifest.backup, manifest);
  }

  /** What a manifest stands for, key by key; throws if a version is not what it says. */
  restored(backup: string): Readonly<Record<string, string>> {
    const manifest = this.manifests.get(backup);
    if (!manifest) throw new Error(`${backup} has no manifest`);
    return Object.fromEntries(
      manifest.files.map(({ key, versionId, etag }) => {
        const all = this.versions.get(`${manifest.instance}/${key}`) ?? [];
        const { content } = all.find((each) => each.versionId === versionId) ?? {};
        if (content === undefined || tagOf(content) !== etag) throw new Error(`${key} is lost`);
        return [key, content];
      }),
    );
  }

  #push(path: string, etag: string, content?: string): string {
    const before = this.versions.get(path) ?? [];
    const versionId = `${path}#${before.length}`;
    this.versions.set(path, [
      ...before,
      { versionId, etag, ...(content !== undefined && { content }) },
    ]);
    if (content !== undefined) this.copies += 1;
    return versionId;
  }

  async all(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const all = [...this.manifests.values()];
    return new Map(
      [...Map.groupBy(all, ({ instance }) => instance)].map(([instance, own]) => [
        instance,
        new Set(own.map(({ backup }) => backup)),
      ]),
    );
  }
}

/** One invocation of the function in a replica's region. */
export const filesRun = (
  request: FilesRequest,
  source: MemoryFilestores,
  replica: MemoryReplica,
  clock: Clock,
): Promise<FilesReport> => files(request, { source, replica, papers: replica, clock });
