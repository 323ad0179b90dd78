import type { ZoneCalendar } from "../../lib/sla/backups/calendar.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { NewestRoles } from "../ledger/fleet.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ShelfState } from "./contract.ts";
import { allowedOf } from "./leave.ts";
import { pass } from "./pass.ts";
import type { Hands, Messenger, Snapshots } from "./ports.ts";
import { recordDeeds, recordState, stateOf } from "./record.ts";
import { refusals, told } from "./troubles.ts";

export interface Site {
  readonly region: string;
  readonly fleet: Fleet;
  readonly ledger: Ledger;
  readonly roles: NewestRoles;
  readonly snapshots: Snapshots;
  readonly hands: Hands;
  readonly messenger: Messenger;
  readonly calendar: ZoneCalendar;
}

export interface RoundReport {
  readonly actions: number;
  readonly later: number;
  readonly troubles: number;
}

/**
 * One pass, its evidence, and what people hear of it. Notices leave before the state that remembers them is written: one that is
 * told twice is one mail, one that is forgotten would be none. Rejects with `BackupsFailed` if something was not done.
 */
export async function round(site: Site, now: Date): Promise<RoundReport> {
  const { region, ledger, fleet } = site;
  await site.roles.hear(Object.keys(fleet.sites));
  const roles = await site.roles.all();
  const [before, allowed] = await Promise.all([
    ledger.read<ShelfState>(keys.shelf(region)),
    allowedOf(ledger, now),
  ]);
  const report = await pass({ ...site, roles, allowed, nowMs: now.getTime() });
  const at = now.toISOString();
  await recordDeeds(ledger, region, at, report);
  const findings = [...report.findings, ...refusals(report.done)];
  const { troubles, notices } = told(findings, before?.value, region, at);
  if (notices.length > 0) await site.messenger.notify({ notices });
  await recordState(ledger, region, before?.tag, stateOf(at, report.here, troubles));
  const later = report.done.filter(({ outcome }) => outcome.answer === "later");
  return { actions: report.done.length, later: later.length, troubles: troubles.length };
}

/** Alarms count errors: what is refused, or put off three times in a row, is one. */
export function accomplished(report: RoundReport): RoundReport {
  if (report.later === 0) return report;
  throw new SlaError("BackupsFailed", "cloud", `${report.later} of ${report.actions} put off`);
}
