import { keys, prefixes } from "../../functions/ledger/contract.ts";
import {
  dayOfTest,
  type RestoreTestRecord,
  type RestoreTestRequest,
  restoreTestName,
} from "../../functions/restore/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import { type BackupRow, type BackupView, backupView } from "./backup-view.ts";

export interface TestPlan {
  readonly region: string;
  readonly name: string;
  readonly request: RestoreTestRequest;
}

interface Wish {
  readonly region?: string;
  readonly backup?: string;
}

/** A test that could begin now. Throws UserError where nothing there can be restored. */
export async function planTest(access: Access, instance: Instance, wish: Wish): Promise<TestPlan> {
  const view = await backupView(access, instance);
  const { id } = instance;
  if (wish.region !== undefined && !view.places.includes(wish.region)) {
    const places = view.places.join(", ");
    throw new UserError(`--region: '${wish.region}' is no place of ${id}: it has ${places}`);
  }
  const { region, row } = chosen(view, wish);
  const request: RestoreTestRequest = { instance: id, backup: row.id, trigger: "person" };
  return { region, request, name: restoreTestName(request, access.clock.now()) };
}

function chosen({ instance, backups, places, primary, silent }: BackupView, wish: Wish) {
  const named = backups.filter(({ id }) => wish.backup === undefined || id === wish.backup);
  if (wish.backup !== undefined && named.length === 0) {
    const known = backups.map(({ id }) => id).join(", ");
    throw new UserError(`--backup: ${instance} has no '${wish.backup}'; it has ${known || "none"}`);
  }
  const regions =
    wish.region === undefined ? byTurn(backups, places, primary.region) : [wish.region];
  for (const region of regions) {
    const row = named.findLast(({ states }) => states[region] === "available");
    if (row) return { region, row };
  }
  const where = wish.region ?? "any place";
  const unheard = silent.length === 0 ? "" : ` (${silent.join(", ")} did not answer)`;
  throw new UserError(`${instance}: no backup in ${where} can be restored now${unheard}`, 1);
}

/** Places whose last proven backup is oldest first; of those that have none, away from the primary first. */
function byTurn(backups: readonly BackupRow[], places: readonly string[], home: string) {
  const newest = (place: string) =>
    backups.findLast(({ provenIn }) => provenIn.includes(place))?.takenAt ?? "";
  const order = (place: string) => `${newest(place)} ${place === home ? 1 : 0}`;
  return places.toSorted((one, other) => (order(one) < order(other) ? -1 : 1));
}

/** What a test that has ended wrote down. Throws UserError if it was broken off before. */
export async function recordOf(
  { ledgers }: Access,
  { region, name, request }: TestPlan,
): Promise<RestoreTestRecord> {
  const key = keys.restore(request.instance, name, "record");
  const entry = await ledgers(region).read<RestoreTestRecord>(key);
  if (entry) return entry.value;
  throw new UserError(
    `${name} in ${region} ended without a record: docs/runbook.md#restore-tests-timed-out`,
    1,
  );
}

/** A name says the day of the last; which of that day's ended last only they themselves do. */
async function newestOf(
  all: readonly string[],
  read: (key: string) => Promise<{ readonly value: RestoreTestRecord } | undefined>,
  id: string,
) {
  const dayOf = (key: string) => dayOfTest(key.slice(prefixes.restores(id).length));
  const last = all.map(dayOf).toSorted().at(-1);
  const entries = await Promise.all(all.filter((key) => dayOf(key) === last).map(read));
  return entries
    .flatMap((entry) => entry ?? [])
    .toSorted((one, other) => (one.value.endedAt < other.value.endedAt ? 1 : -1))[0];
}

/** Of each place the last that has ended, the newest first; and the sites that did not answer. */
export async function lastTests(
  { ledgers, fleet }: Pick<Access, "ledgers" | "fleet">,
  { id }: Instance,
): Promise<{ readonly records: readonly RestoreTestRecord[]; readonly silent: readonly string[] }> {
  const sites = Object.keys(fleet.sites);
  const asked = await Promise.allSettled(
    sites.map(async (site) => {
      const listed = await ledgers(site).list(prefixes.restores(id));
      const ended = listed.map(({ key }) => key).filter((key) => key.endsWith("/record.json"));
      return newestOf(ended, (key) => ledgers(site).read<RestoreTestRecord>(key), id);
    }),
  );
  return {
    records: asked
      .flatMap((each) => (each.status === "fulfilled" && each.value ? [each.value.value] : []))
      .toSorted((one, other) => (one.endedAt < other.endedAt ? 1 : -1)),
    silent: sites.filter((_, index) => asked[index]?.status === "rejected"),
  };
}
