import type { Listed, Tags } from "../../lib/sla/backups/catalogue.ts";
import type { Content, ContentRequest, SqlResult } from "../sql/contract.ts";

/** Backups of the own region. */
export interface Shelf {
  look(id: string): Promise<Listed | undefined>;
  tag(id: string, tags: Tags): Promise<void>;
}

export interface RestoreOrder {
  readonly database: string;
  readonly backup: string;
  /** Security groups: what reaches it. */
  readonly groups: readonly string[];
  readonly subnetGroup: string;
  readonly parameterGroup: string;
  readonly tags: Tags;
}

/** A database that was restored. */
export interface Restored {
  readonly status: string;
  readonly endpoint?: { readonly host: string; readonly port: number };
  readonly masterUsername?: string;
  readonly tags: Tags;
}

/** Databases of the own region that are restored for a test. */
export interface Restores {
  describe(database: string): Promise<Restored | undefined>;
  restore(order: RestoreOrder): Promise<"accepted" | "wrong-state" | { readonly refused: string }>;
  /** Gives its master the password of all tests. */
  open(database: string): Promise<"accepted" | "wrong-state" | "gone">;
}

/** Only whoever may delete has it. */
export interface Discards extends Pick<Restores, "describe"> {
  /** All databases of the region whose names begin so. */
  list(prefix: string): Promise<readonly (Restored & { readonly database: string })[]>;
  remove(database: string): Promise<"accepted" | "wrong-state" | "gone">;
}

/** The function in the VPC of the own site that reads restored databases. */
export interface Reader {
  ask(request: ContentRequest): Promise<SqlResult<Content>>;
}
