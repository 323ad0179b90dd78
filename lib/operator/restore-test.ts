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
import { imageView } from "./image-view.ts";
import { noLedger, reasonIn } from "./no-ledger.ts";

/** Of the complete instance; absent: of its database. */
export type OfImages = "images" | undefined;

export interface TestPlan {
  readonly of?: "images";
  readonly region: string;
  readonly name: string;
  readonly request: RestoreTestRequest;
}

interface Wish {
  readonly of?: "images";
  readonly region?: string;
  readonly backup?: string;
}

/** A test that could begin now. Throws UserError where nothing there can be restored. */
export async function planTest(access: Access, instance: Instance, wish: Wish): Promise<TestPlan> {
  const { of } = wish;
  const view = await (of ? imagesOf(access, instance) : backupView(access, instance));
  const { id } = instance;
  if (wish.region !== undefined && !view.places.includes(wish.region)) {
    const places = view.places.join(", ");
    throw new UserError(`--region: '${wish.region}' is no place of ${id}: it has ${places}`);
  }
  const { region, row } = chosen(view, wish);
  const request: RestoreTestRequest = { instance: id, backup: row.id, trigger: "person" };
  const name = restoreTestName(request, access.clock.now());
  return { region, request, name, ...(of && { of }) };
}

type Shown = Pick<BackupView, "instance" | "backups" | "places" | "silent"> & {
  readonly primary: Pick<BackupView["primary"], "region">;
};

/** Throws UserError where nothing may be started. */
async function imagesOf(access: Access, instance: Instance): Promise<Shown> {
  const { id, plan } = instance;
  const isSold = access.fleet.plans[plan]?.imageTests !== undefined;
  const view = isSold ? await imageView(access, instance) : undefined;
  if (!view) {
    const why = isSold ? "sells no images, or no machine of it is named" : "sells no imageTests";
    throw new UserError(`--image: ${id}: its plan '${plan}' ${why}: docs/plans.md says how`);
  }
  const { images, places, region, silent } = view;
  return { instance: id, backups: images, places, primary: { region }, silent };
}

function chosen({ instance, backups, places, primary, silent }: Shown, wish: Wish) {
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
  const what = wish.of ? `image in ${where} can be started` : `backup in ${where} can be restored`;
  throw new UserError(`${instance}: no ${what} now${unheard}`, 1);
}

/** Places whose last proven backup is oldest first; of those that have none, away from the primary first. */
function byTurn(backups: readonly BackupRow[], places: readonly string[], home: string) {
  const newest = (place: string) =>
    backups.findLast(({ provenIn }) => provenIn.includes(place))?.takenAt ?? "";
  const order = (place: string) => `${newest(place)} ${place === home ? 1 : 0}`;
  return places.toSorted((one, other) => (order(one) < order(other) ? -1 : 1));
}

const KINDS = {
  databases: {
    prefix: prefixes.restores,
    isRecord: (key: string) => key.endsWith("/record.json"),
    key: (instance: string, test: string) => keys.restore(instance, test, "record"),
    runbook: "restore-tests-timed-out",
  },
  images: {
    prefix: prefixes.imageTests,
    isRecord: () => true,
    key: keys.imageTest,
    runbook: "image-tests-timed-out",
  },
} as const;

/** What every test has written down at its end. */
type Ended = Pick<RestoreTestRecord, "ok" | "endedAt">;

/** What a test that has ended wrote down. Throws UserError if it was broken off before. */
export async function recordOf<Found extends Ended>(
  { ledgers }: Access,
  { of, region, name, request }: TestPlan,
): Promise<Found> {
  const { key, runbook } = KINDS[of ?? "databases"];
  const entry = await ledgers(region).read<Found>(key(request.instance, name));
  if (entry) return entry.value;
  throw new UserError(`${name} in ${region} ended without a record: docs/runbook.md#${runbook}`, 1);
}

/** A name says the day of the last; which of that day's ended last only they themselves do. */
async function newestOf<Found extends Ended>(
  all: readonly string[],
  read: (key: string) => Promise<{ readonly value: Found } | undefined>,
  prefix: string,
) {
  const dayOf = (key: string) => dayOfTest(key.slice(prefix.length));
  const last = all.map(dayOf).toSorted().at(-1);
  const entries = await Promise.all(all.filter((key) => dayOf(key) === last).map(read));
  return entries
    .flatMap((entry) => entry ?? [])
    .toSorted((one, other) => (one.value.endedAt < other.value.endedAt ? 1 : -1))[0];
}

/** Of each place the last that has ended, the newest first; and the sites that did not answer. */
export async function lastTests<Found extends Ended = RestoreTestRecord>(
  { ledgers, fleet }: Pick<Access, "ledgers" | "fleet">,
  { id }: Instance,
  of: OfImages = undefined,
): Promise<{ readonly records: readonly Found[]; readonly silent: readonly string[] }> {
  const { prefix, isRecord } = KINDS[of ?? "databases"];
  const sites = Object.keys(fleet.sites);
  const asked = await Promise.allSettled(
    sites.map(async (site) => {
      const listed = await ledgers(site).list(prefix(id));
      const ended = listed.map(({ key }) => key).filter(isRecord);
      return newestOf(ended, (key) => ledgers(site).read<Found>(key), prefix(id));
    }),
  );
  if (asked.every(({ status }) => status === "rejected")) {
    throw noLedger(sites, { why: reasonIn(asked) });
  }
  return {
    records: asked
      .flatMap((each) => (each.status === "fulfilled" && each.value ? [each.value.value] : []))
      .toSorted((one, other) => (one.endedAt < other.endedAt ? 1 : -1)),
    silent: sites.filter((_, index) => asked[index]?.status === "rejected"),
  };
}
