import { s3Manifests } from "../../functions/aws/s3-manifests.ts";
import { s3Archive, s3Target } from "../../functions/aws/s3-restore.ts";
import type { Access } from "./access.ts";
import type { Replicas } from "./files-back.ts";

/** With the rights of whoever asks. */
export function s3Replicas({ clock, fleet }: Pick<Access, "clock" | "fleet">): Replicas {
  const { account } = fleet.provider;
  return {
    manifests: (region) => s3Manifests(clock, { account, region }),
    archive: (region) => s3Archive(clock, { account, region }),
    target: (region) => s3Target(clock, { account, region }),
  };
}
