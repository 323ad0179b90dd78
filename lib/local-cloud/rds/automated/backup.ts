import { randomBytes } from "node:crypto";
import type { Tag } from "@aws-sdk/client-rds";
import { AwsError } from "../../wire/service.ts";
import type { Choices, Contents, Instance } from "../instance.ts";
import { arnOf } from "../names.ts";

/** Where a recovery can begin. */
export interface Base {
  readonly file: string;
  /** From here on its content is consistent. */
  readonly from: Date;
  /** The one with which a recovery from it begins. */
  readonly firstLog: string;
  /** The automated snapshot it is listed as; of what was replicated there is none. */
  readonly snapshotId?: string;
}

/** Everything RDS keeps of an instance by itself: base copies and all logs since the first of them. */
export interface AutomatedBackup {
  readonly region: string;
  readonly arn: string;
  readonly instanceId: string;
  readonly instanceArn: string;
  readonly instanceResourceId: string;
  readonly instanceCreatedAt: Date;
  readonly port: number;
  readonly contents: Contents;
  choices: Choices;
  /** Logs, compressed; on the machine of its region. */
  readonly archive: string;
  /** Oldest first. */
  bases: readonly Base[];
  tags: readonly Tag[];
  /** To which the archive reaches. */
  latest?: Date;
  /** In another region: what it follows. */
  readonly copyOf?: AutomatedBackup;
  /** The instance was deleted, or the replication stopped. */
  isRetained: boolean;
  /** Why a copy falls behind. */
  trouble?: string;
}

/** All automated backups of all regions. */
export class AutomatedBackups {
  readonly #backups = new Set<AutomatedBackup>();

  add(backup: AutomatedBackup): void {
    this.#backups.add(backup);
  }

  remove(backup: AutomatedBackup): void {
    this.#backups.delete(backup);
  }

  in(region: string): AutomatedBackup[] {
    return [...this.#backups].filter((backup) => backup.region === region);
  }

  /** Those in other regions that follow it. */
  copiesOf(original: AutomatedBackup): AutomatedBackup[] {
    return [...this.#backups].filter((one) => one.copyOf === original && !one.isRetained);
  }

  /** Of an instance, in its own region. */
  of({ region, resourceId }: Pick<Instance, "region" | "resourceId">): AutomatedBackup | undefined {
    return this.in(region).find(({ instanceResourceId }) => instanceResourceId === resourceId);
  }

  /** @throws AwsError DBInstanceAutomatedBackupNotFoundFault */
  get(region: string, holds: (backup: AutomatedBackup) => boolean, what: string): AutomatedBackup {
    const found = this.in(region).find(holds);
    if (found) return found;
    throw new AwsError(
      "DBInstanceAutomatedBackupNotFoundFault",
      `DB instance automated backup ${what} not found.`,
      404,
    );
  }
}

export const newBackupArn = (account: string, region: string) =>
  arnOf(account, region, "auto-backup", `ab-${randomBytes(13).toString("hex")}`);

/** The span a recovery can aim at; undefined until there is one. */
export function windowOf({ bases, latest }: AutomatedBackup) {
  const [first] = bases;
  if (!(first && latest) || latest < first.from) return undefined;
  return { earliest: first.from, latest };
}
