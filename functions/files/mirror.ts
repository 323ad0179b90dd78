import { type Filestore, filestoreOf } from "../../lib/sla/backups/filestore.ts";
import type { FiledFile } from "../../lib/sla/backups/manifest.ts";
import { mirrorPlan, type Originals, type SourceFile } from "../../lib/sla/backups/mirror.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import type { CopyOutcome, Papers, Replica, Source } from "./ports.ts";

export interface FilesPorts {
  readonly source: Source;
  readonly replica: Replica;
  readonly papers: Papers;
  readonly clock: Clock;
}

/** `whole`: the replica is what the source was from `filesAt` on; else how far it came. */
export type Mirrored =
  | { readonly kind: "whole"; readonly filesAt: Date; readonly files: readonly FiledFile[] }
  | { readonly kind: "changed" }
  | { readonly kind: "late"; readonly left: number };

/** S3 takes 3,500 writes a second below a prefix; each of these waits for its answer. */
const LANES = 16;

/**
 * Copies what differs and removes what is gone, until `until`. What was copied stays if it is cut off: the next time there is less to do.
 * Rejects if a file cannot be read or written.
 */
export async function mirror(
  { instance, filestore }: { readonly instance: string; readonly filestore: string },
  ports: FilesPorts,
  until: Date,
): Promise<Mirrored> {
  const { source, replica, papers, clock } = ports;
  const from = filestoreOf(filestore);
  const filesAt = clock.now();
  const [listed, held, originals] = await Promise.all([
    source.list(from),
    replica.list(instance),
    papers.originals(instance),
  ]);
  const { kept, copies, removals } = mirrorPlan(listed, held, originals);
  const tries = await copyAll(copies, { instance, from, until }, ports);
  const fresh = tries.flatMap(({ file, outcome }) =>
    outcome.kind === "copied" ? [{ ...file, versionId: outcome.versionId }] : [],
  );
  const different = tries.flatMap(({ file, outcome }) =>
    outcome.kind === "copied" && outcome.etag !== file.etag
      ? [[outcome.versionId, file.etag] as const]
      : [],
  );
  if (different.length > 0) {
    const still = kept.flatMap(({ versionId, etag }): [string, string][] =>
      originals.has(versionId) ? [[versionId, etag]] : [],
    );
    await papers.keepOriginals(instance, new Map([...still, ...different]) satisfies Originals);
  }
  const failures = tries.flatMap(({ file, outcome }) =>
    outcome.kind === "failed" ? [{ key: file.key, cause: outcome.cause }] : [],
  );
  if (failures.length > 0) throw notCopied(failures);
  const left = tries.filter(({ outcome }) => outcome.kind === "late").length;
  if (left > 0) return { kind: "late", left };
  if (removals.length > 0) await replica.remove(instance, removals);
  if (fresh.length < copies.length) return { kind: "changed" };
  return { kind: "whole", filesAt, files: [...kept, ...fresh].toSorted(byKey) };
}

function notCopied(
  failures: readonly { readonly key: string; readonly cause: unknown }[],
): SlaError {
  const [first] = failures;
  const { name, message } = first?.cause instanceof Error ? first.cause : new Error("unknown");
  const more = failures.length > 1 ? ` and ${failures.length - 1} more` : "";
  const said = `'${first?.key}'${more}: ${name}: ${message}`;
  return new SlaError("FilesNotCopied", "cloud", said, { cause: first?.cause });
}

interface Attempt {
  readonly file: SourceFile;
  readonly outcome: CopyOutcome | { readonly kind: "failed"; readonly cause: unknown };
}

/** One that fails does not keep the others from being copied, and what they were copied from from being written down. */
function copyAll(
  files: readonly SourceFile[],
  order: { readonly instance: string; readonly from: Filestore; readonly until: Date },
  { replica, clock }: FilesPorts,
): Promise<readonly Attempt[]> {
  return inLanes(LANES, files, async (file): Promise<Attempt> => {
    if (clock.now() >= order.until) return { file, outcome: { kind: "late" } };
    try {
      return { file, outcome: await replica.copy({ ...order, file }) };
    } catch (cause) {
      return { file, outcome: { kind: "failed", cause } };
    }
  });
}

const byKey = (one: FiledFile, other: FiledFile) => (one.key < other.key ? -1 : 1);
