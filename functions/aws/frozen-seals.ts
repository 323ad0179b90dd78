import { S3Client } from "@aws-sdk/client-s3";
import type { Frozen } from "../../lib/sla/fleet.ts";
import { frozenBucket } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { clientSettings } from "./clients.ts";
import { s3Ledger } from "./s3-ledger.ts";

/** Seals in the bucket of frozen copies: a function may put those of its own site there, and read them again. */
export function frozenSeals(
  clock: Clock,
  { account, region }: Frozen,
): Pick<Ledger, "create" | "list" | "text"> {
  const client = new S3Client(clientSettings(clock, { region }));
  return s3Ledger(client, frozenBucket(account, region));
}
