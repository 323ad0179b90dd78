import type { Shelf } from "../../functions/report/answering.ts";
import { UserError } from "../cli/user-error.ts";

/** One ledger, or a copy of one. */
export interface NamedShelf {
  /** Its region, as far as where it lies says so; may be empty. */
  readonly name: string;
  readonly shelf: Shelf;
  /** It lacks what only a whole ledger has: who plays which part. Where it lies. */
  readonly partial?: string;
}

export interface Copies {
  readonly ledgers: readonly NamedShelf[];
  /** The seals of the frozen bucket beside them. */
  readonly frozen?: Shelf;
}

type Env = Readonly<Record<string, string | undefined>>;

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/** Ledgers in a directory, or in S3: `DIR`, `s3://BUCKET[/PREFIX][,s3://…]`. Throws UserError that says what is allowed. */
export async function copiesAt(where: string, env: Env): Promise<Copies> {
  const scheme = SCHEME.exec(where)?.[1]?.toLowerCase();
  if (scheme === "s3") {
    const { copiesInBuckets, s3ClientsFor } = await import("./ledger-buckets.ts");
    return copiesInBuckets(where, s3ClientsFor(env));
  }
  if (scheme !== undefined) {
    throw new UserError(
      `--ledger: '${where}': ${scheme}:// is not known here; expected a directory, or s3://BUCKET[/PREFIX][,s3://…]`,
    );
  }
  const { copiesIn } = await import("./ledger-directory.ts");
  return copiesIn(where);
}
