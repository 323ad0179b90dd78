import { APPROVE_FUNCTION } from "../../functions/approval/contract.ts";
import { DELIVER_FUNCTION } from "../../functions/deliver/contract.ts";
import { CUSTOMERS_FUNCTION, DOWNLOAD_FUNCTION } from "../../functions/download/contract.ts";
import {
  DEBTS_FUNCTION,
  FAILOVER_FUNCTIONS,
  RECORDS_FUNCTION,
} from "../../functions/failover/contract.ts";
import { BUILD_FUNCTION, DROP_FUNCTION } from "../../functions/failover/reprotect-contract.ts";
import { FILES_FUNCTION } from "../../functions/files/contract.ts";
import { FLAG_FUNCTION } from "../../functions/flag/contract.ts";
import { FREEZE_FUNCTION } from "../../functions/freeze/contract.ts";
import { PUBLISH_FUNCTION } from "../../functions/ledger/contract.ts";
import { LIVE_FUNCTION } from "../../functions/live/contract.ts";
import { NOTIFY_FUNCTION, SUBSCRIPTIONS_FUNCTION } from "../../functions/notify/contract.ts";
import { ONCALL_FUNCTION } from "../../functions/oncall/contract.ts";
import { PREPARED_FUNCTION } from "../../functions/prepared/contract.ts";
import { PROBE_FUNCTION } from "../../functions/probe/contract.ts";
import { RECONCILE_FUNCTION } from "../../functions/reconcile/contract.ts";
import { RECOVER_FUNCTION } from "../../functions/recover/contract.ts";
import { REPLICATE_FUNCTION } from "../../functions/replicate/contract.ts";
import { DAYS_FUNCTION, REPORT_FUNCTION, SEALS_FUNCTION } from "../../functions/report/contract.ts";
import { DISCARD_FUNCTION, RESTORE_FUNCTION } from "../../functions/restore/contract.ts";
import { BOOT_FUNCTION, TERMINATE_FUNCTION } from "../../functions/restore/image-contract.ts";
import { SHIP_FUNCTION } from "../../functions/ship/contract.ts";
import {
  IMAGE_FUNCTIONS,
  ROTATE_FUNCTION,
  SNAPSHOT_FUNCTION,
} from "../../functions/snapshot/contract.ts";
import { ADOPT_FUNCTION, CONTENT_FUNCTION, SQL_FUNCTION } from "../../functions/sql/contract.ts";
import { STATUS_FUNCTION } from "../../functions/status/contract.ts";
import { HELPDESK_FUNCTION, TICKETS_FUNCTION } from "../../functions/support/contract.ts";
import { BEAT_FUNCTION, WATCH_FUNCTION } from "../../functions/watch/contract.ts";
import { WEBHOOK_FUNCTION } from "../../functions/webhook/contract.ts";

/** Deployed name → entry below functions/, without the `.handler.ts` ending. */
export const ENTRIES = {
  [PROBE_FUNCTION]: "probe/probe",
  [WATCH_FUNCTION]: "watch/watch",
  [BEAT_FUNCTION]: "watch/beat",
  [SQL_FUNCTION]: "sql/sql",
  [NOTIFY_FUNCTION]: "notify/notify",
  [PUBLISH_FUNCTION]: "ledger/publish",
  [FLAG_FUNCTION]: "flag/flag",
  [APPROVE_FUNCTION]: "approval/approve",
  [FAILOVER_FUNCTIONS.assess]: "failover/assess",
  [FAILOVER_FUNCTIONS.ask]: "failover/ask",
  [FAILOVER_FUNCTIONS.fence]: "failover/fence",
  [FAILOVER_FUNCTIONS.promote]: "failover/promote",
  [FAILOVER_FUNCTIONS.flip]: "failover/flip",
  [FAILOVER_FUNCTIONS.record]: "failover/record",
  [BUILD_FUNCTION]: "failover/build",
  [DROP_FUNCTION]: "failover/drop",
  [RECOVER_FUNCTION]: "failover/recover",
  [DEBTS_FUNCTION]: "failover/pay",
  [RECORDS_FUNCTION]: "failover/rewrite",
  [RECONCILE_FUNCTION]: "reconcile/reconcile",
  [SNAPSHOT_FUNCTION]: "snapshot/take",
  [ROTATE_FUNCTION]: "snapshot/rotate",
  [REPLICATE_FUNCTION]: "replicate/replicate",
  [IMAGE_FUNCTIONS.take]: "snapshot/image",
  [IMAGE_FUNCTIONS.copy]: "replicate/copy-images",
  [IMAGE_FUNCTIONS.rotate]: "snapshot/rotate-images",
  [FREEZE_FUNCTION]: "freeze/freeze",
  [DELIVER_FUNCTION]: "deliver/deliver",
  [DOWNLOAD_FUNCTION]: "download/download",
  [CUSTOMERS_FUNCTION]: "download/customers",
  [FILES_FUNCTION]: "files/files",
  [RESTORE_FUNCTION]: "restore/restore",
  [DISCARD_FUNCTION]: "restore/discard",
  [BOOT_FUNCTION]: "restore/boot",
  [TERMINATE_FUNCTION]: "restore/terminate",
  [CONTENT_FUNCTION]: "sql/content",
  [ADOPT_FUNCTION]: "sql/adopt",
  [SHIP_FUNCTION]: "ship/ship",
  [PREPARED_FUNCTION]: "prepared/prepared",
  [LIVE_FUNCTION]: "live/live",
  [DAYS_FUNCTION]: "report/days",
  [SEALS_FUNCTION]: "report/seals",
  [REPORT_FUNCTION]: "report/report",
  [STATUS_FUNCTION]: "status/status",
  [TICKETS_FUNCTION]: "support/tickets",
  [HELPDESK_FUNCTION]: "support/helpdesk",
  [SUBSCRIPTIONS_FUNCTION]: "notify/subscriptions",
  [ONCALL_FUNCTION]: "oncall/oncall",
  [WEBHOOK_FUNCTION]: "webhook/webhook",
} as const;
export type FunctionName = keyof typeof ENTRIES;

/** Where the bundle of each function lies: a directory that holds `index.mjs` and nothing else. */
export interface Bundles {
  directory(name: FunctionName): string;
}
