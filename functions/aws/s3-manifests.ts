import { S3Client } from "@aws-sdk/client-s3";
import { fileKeys, filesBucket } from "../files/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Manifests } from "../reconcile/ports.ts";
import { clientSettings } from "./clients.ts";
import { s3Ledger } from "./s3-ledger.ts";

interface Here {
  readonly account: string;
  readonly region: string;
}

/** Which backups have one; by names only. */
export function s3Manifests(clock: Clock, { account, region }: Here): Manifests {
  const client = new S3Client(clientSettings(clock, { region }));
  const paper = s3Ledger(client, filesBucket(account, region));
  return {
    async all() {
      const found = new Map<string, Set<string>>();
      for (const { key } of await paper.list(fileKeys.manifests)) {
        const { instance, backup } = backupIn(key);
        found.set(instance, (found.get(instance) ?? new Set()).add(backup));
      }
      return found;
    },
  };
}

/** `manifests/<instance>/<backup>.json.gz` */
function backupIn(key: string) {
  const [, instance = "", file = ""] = key.split("/");
  return { instance, backup: file.replace(/\.json\.gz$/, "") };
}
