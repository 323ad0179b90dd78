import type { Listed } from "../../lib/sla/backups/catalogue.ts";
import type { AutomatedBackup } from "../../lib/sla/backups/log-book.ts";
import type { FilesRequest } from "../files/contract.ts";
import type { NotifyRequest } from "../notify/contract.ts";
import type { ReplicateRequest } from "../replicate/contract.ts";
import type { TestRequest } from "../restore/contract.ts";
import type { ShipRequest } from "../ship/contract.ts";
import type { RotateRequest, TakeRequest } from "../snapshot/contract.ts";
import type { BackupAnswer } from "./contract.ts";

/** Manual snapshots of a region, or its images of machines; `CloudUnreachable` if it does not answer. */
export interface Snapshots {
  list(region: string): Promise<readonly Listed[]>;
}

/** What RDS keeps by itself, of databases there and replicated to there; `CloudUnreachable` likewise. */
export interface AutomatedBackups {
  list(region: string): Promise<readonly AutomatedBackup[]>;
}

/** The functions of the own region that change something. */
export interface Hands {
  take(request: TakeRequest): Promise<BackupAnswer>;
  rotate(request: RotateRequest): Promise<BackupAnswer>;
  replicate(request: ReplicateRequest): Promise<BackupAnswer>;
  test(request: TestRequest): Promise<BackupAnswer>;
  ship(request: ShipRequest): Promise<BackupAnswer>;
  readonly images: ImageHands;
  /** Resolves once it is handed over. */
  files(request: FilesRequest): Promise<void>;
}

/** Likewise, of images of machines. */
interface ImageHands {
  take(request: TakeRequest): Promise<BackupAnswer>;
  copy(request: Pick<ReplicateRequest, "copies">): Promise<BackupAnswer>;
  rotate(request: RotateRequest): Promise<BackupAnswer>;
  test(request: TestRequest): Promise<BackupAnswer>;
}

/** Names of the backups that have a manifest of their files in the own region, by instance. */
export interface Manifests {
  all(): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
}

export interface Messenger {
  notify(request: NotifyRequest): Promise<void>;
}
