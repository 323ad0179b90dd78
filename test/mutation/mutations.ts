import type { Mutation } from "./mutation.ts";
import { ADMISSION } from "./rules/admission.ts";
import { APPROVAL } from "./rules/approval.ts";
import { BOOKS } from "./rules/books.ts";
import { CLUSTERS } from "./rules/clusters.ts";
import { DEBTS } from "./rules/debts.ts";
import { DELIVERIES } from "./rules/deliveries.ts";
import { DOWNLOADS } from "./rules/downloads.ts";
import { DROP } from "./rules/drop.ts";
import { EPOCH } from "./rules/epoch.ts";
import { FENCE } from "./rules/fence.ts";
import { FILES } from "./rules/files.ts";
import { FLIP } from "./rules/flip.ts";
import { FRESH_DUMPS } from "./rules/fresh-dumps.ts";
import { HEARTBEAT } from "./rules/heartbeat.ts";
import { ORDER } from "./rules/order.ts";
import { PREPAREDNESS } from "./rules/preparedness.ts";
import { PROOF } from "./rules/proof.ts";
import { QUORUM } from "./rules/quorum.ts";
import { RECORDS } from "./rules/records.ts";
import { RECOVERY } from "./rules/recovery.ts";
import { RESTORE_TESTS } from "./rules/restore-tests.ts";
import { START } from "./rules/start.ts";
import { UNFENCE } from "./rules/unfence.ts";
import { WAY_BACK } from "./rules/way-back.ts";

/** Every rule that stands between a disaster and a worse one. */
export const MUTATIONS: readonly Mutation[] = [
  ...FENCE,
  ...UNFENCE,
  ...CLUSTERS,
  ...DEBTS,
  ...RECORDS,
  ...PROOF,
  ...QUORUM,
  ...HEARTBEAT,
  ...EPOCH,
  ...START,
  ...ORDER,
  ...FLIP,
  ...ADMISSION,
  ...WAY_BACK,
  ...RECOVERY,
  ...DOWNLOADS,
  ...DELIVERIES,
  ...DROP,
  ...APPROVAL,
  ...FILES,
  ...RESTORE_TESTS,
  ...FRESH_DUMPS,
  ...PREPAREDNESS,
  ...BOOKS,
];
