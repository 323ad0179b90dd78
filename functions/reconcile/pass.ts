import { type Action, type Finding, instanceOf, placeOf } from "../../lib/sla/backups/action.ts";
import type { ZoneCalendar } from "../../lib/sla/backups/calendar.ts";
import { repairTagsOf, type Shelved, tagsOf } from "../../lib/sla/backups/catalogue.ts";
import { isFresh } from "../../lib/sla/backups/dated.ts";
import { desiredOf } from "../../lib/sla/backups/desired-of.ts";
import type { AutomatedBackup } from "../../lib/sla/backups/log-book.ts";
import { fairCopies } from "../../lib/sla/backups/queue.ts";
import { type Desired, reconcile } from "../../lib/sla/backups/reconcile.ts";
import { testsUnderWay } from "../../lib/sla/backups/restore-tests.ts";
import type { FreshWish } from "../../lib/sla/backups/schedule.ts";
import { restoresAtOnce } from "../../lib/sla/dump-load.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { asked, type Done } from "./asked.ts";
import { type FilesHere, filesHere, papersHere } from "./files.ts";
import { imagesHere } from "./images.ts";
import { listAll } from "./listings.ts";
import { lookAtLogs } from "./logs.ts";
import { catalogueOf } from "./observe.ts";
import type { AutomatedBackups, Hands, Manifests, Snapshots } from "./ports.ts";
import { shipRequestOf } from "./ship-request.ts";
import { isTeller, leftBehind, strangerFinding } from "./tellers.ts";

export interface Pass {
  readonly region: string;
  readonly fleet: Fleet;
  readonly roles: ReadonlyMap<string, Roles>;
  /** Of the provider's time zone; kept from pass to pass, for it remembers what it has looked up. */
  readonly calendar: ZoneCalendar;
  readonly nowMs: number;
  /** Deletions that a person has allowed beyond the bound, by instance. */
  readonly allowed: ReadonlyMap<string, number>;
  /** Dumps of now that people want, by instance. */
  readonly wishes: ReadonlyMap<string, FreshWish>;
  /** Instances of which RDS refused something here in the last pass. */
  readonly refused: ReadonlySet<string>;
  /** When RDS had no room for another backup of an instance here, in ms. */
  readonly full: ReadonlyMap<string, number>;
  readonly snapshots: Snapshots;
  readonly manifests: Manifests;
  readonly automated: AutomatedBackups;
  readonly images: Snapshots;
  /** Instances of whose images EC2 refused something here in the last pass. */
  readonly refusedImages: ReadonlySet<string>;
  readonly hands: Hands;
}

export interface PassReport {
  readonly done: readonly Done[];
  /** Those that this site tells. */
  readonly findings: readonly Finding[];
  /** Backups in this region, of all instances. */
  readonly here: readonly Shelved[];
  /** Whether this region still waits for a backup, or another does not say what it holds. */
  readonly isWaiting: boolean;
  readonly files: FilesHere;
  /** Images in this region, of all instances. */
  readonly images: readonly Shelved[];
  /** Replicated to this region, by instance; of those that an RPO rests on. */
  readonly logs: ReadonlyMap<string, AutomatedBackup>;
  /** The tightest RPO that rests on logs in this region. */
  readonly tightestRpoSeconds?: number;
}

/**
 * One look at all backups, and what it makes necessary in this site's own region: no site changes anything in another.
 * Rejects if its own region does not answer.
 */
export async function pass(at: Pass): Promise<PassReport> {
  const desired = allDesired(at);
  const regions = [...new Set([at.region, ...desired.flatMap(({ places }) => places)])];
  const { listings, silent } = await listAll(at.snapshots, regions);
  if (silent.has(at.region)) throw silent.get(at.region);
  const logs = await lookAtLogs(at);
  const catalogue = catalogueOf(listings, soldTo(at.fleet));
  const papers = await papersHere({ ...at, desired });
  const all = desired.map((each) => {
    const observed = { ...catalogue.of(each.instance), ...papers.of(each.instance) };
    return reconcile(each, observed, at.calendar, at.nowMs);
  });
  const actions = [...all.flatMap((each) => each.actions), ...logs.actions].filter(
    (action) => placeOf(action) === at.region,
  );
  const copies = actions.filter((action) => action.kind === "copy");
  const underWay = catalogue.copying(at.region);
  const begin = new Set<Action>(fairCopies(copies, underWay, underWay.length, at.refused));
  const here = soldTo(at.fleet).flatMap(
    (instance) => catalogue.of(instance).shelves.get(at.region) ?? [],
  );
  const atOnce = restoresAtOnce(at.fleet, at.region);
  for (const test of testsToBegin(actions, here, atOnce, at.nowMs)) begin.add(test);
  const isFull = (action: Action) => Number(at.full.has(instanceOf(action)));
  const now = actions
    .filter(({ kind }) => kind !== "copy" && kind !== "verify")
    .concat([...begin])
    // Where there is room for one only it is not always the same who has it.
    .toSorted((one, other) => isFull(other) - isFull(one));
  const done = await carryOut(now, at);
  const files = await filesHere({ ...at, papers, catalogue });
  const images = await imagesHere(at);
  const isWaiting = silent.size > 0 || all.some(({ waiting }) => waiting.includes(at.region));
  return {
    ...{ done: [...done, ...images.done], files, images: images.here },
    ...{ logs: logs.here, ...logs.tightest },
    isWaiting: isWaiting || files.isWaiting || logs.isWaiting || images.isWaiting,
    findings: [
      ...all.flatMap((each) => each.findings),
      ...files.findings,
      ...images.findings,
      ...catalogue.strangers.map(strangerFinding),
      ...unknownRoles(at),
      ...logs.findings,
      ...desired.flatMap((each) => leftBehind(each, catalogue.of(each.instance))),
    ].filter((finding) => isTeller(at, finding)),
    here,
  };
}

/** Instances whose plan has backups, whether or not anybody knows their roles. */
const soldTo = ({ instances, plans }: Fleet): readonly string[] =>
  instances.flatMap(({ id, plan }) => (plans[plan]?.backups ? [id] : []));

function allDesired({ fleet, roles, allowed, wishes, full }: Pass): readonly Desired[] {
  return fleet.instances.flatMap((instance) => {
    const [plan, now] = [fleet.plans[instance.plan], roles.get(instance.id)];
    const backups = plan?.backups;
    if (!backups || !now || now.leftAt !== undefined) return [];
    const allowedDeletions = allowed.get(instance.id);
    const fresh = wishes.get(instance.id);
    const fullMs = full.get(instance.id);
    return [
      {
        ...desiredOf(instance, { ...plan, backups }, now, fleet.frozen),
        ...(allowedDeletions !== undefined && { allowedDeletions }),
        ...(fresh && { fresh }),
        ...(fullMs !== undefined && { fullMs }),
      },
    ];
  });
}

const testsToBegin = (
  actions: readonly Action[],
  here: readonly Shelved[],
  atOnce: number,
  nowMs: number,
): readonly Action[] =>
  actions
    .filter((action) => action.kind === "verify")
    // Somebody waits for those.
    .toSorted((one, other) => Number(isFresh(other.backup)) - Number(isFresh(one.backup)))
    .slice(0, Math.max(0, atOnce - testsUnderWay(here, nowMs).length));

/** Deletions last: what they make room for is not lost if they fail. */
async function carryOut(
  actions: readonly Action[],
  { hands, nowMs }: Pick<Pass, "hands" | "nowMs">,
): Promise<readonly Done[]> {
  const of = <Kind extends Action["kind"]>(kind: Kind) =>
    actions.filter((action): action is Extract<Action, { kind: Kind }> => action.kind === kind);
  const [takes, copies, retags, deletions] = [of("take"), of("copy"), of("repair"), of("delete")];
  const tests = of("verify");
  const [ships, stops] = [of("ship-logs"), of("stop-logs")];
  const making = await Promise.all([
    asked(takes, (those) =>
      hands.take({
        takes: those.map((one) => ({ id: one.id, database: one.database, tags: tagsOf(one) })),
      }),
    ),
    asked([...copies, ...retags], () =>
      hands.replicate({
        copies: copies.map(({ from, backup }) => ({ id: backup.id, from, tags: tagsOf(backup) })),
        retags: retags.map(({ backup }) => ({ id: backup.id, tags: repairTagsOf(backup, nowMs) })),
      }),
    ),
    asked([...ships, ...stops], () => hands.ship(shipRequestOf(ships, stops))),
  ]);
  const testing = await asked(tests, (those) =>
    hands.test({ tests: those.map(({ backup: { id, instance } }) => ({ id, instance })) }),
  );
  const deleting = await asked(deletions, (those) =>
    hands.rotate({
      deletions: those.map(({ backup }) => ({
        ...{ id: backup.id, instance: backup.instance },
        state: backup.state === "failed" ? "failed" : "available",
      })),
    }),
  );
  return [...making.flat(), ...testing, ...deleting];
}

/** A ledger that has not been heard yet is no trouble. */
const ROLES_PATIENCE_MS = 30 * 60_000;

function unknownRoles({ fleet, roles }: Pass): readonly Finding[] {
  const sold = new Set(soldTo(fleet));
  return fleet.instances.flatMap(({ id, home }) => {
    if (!sold.has(id) || roles.has(id)) return [];
    const detail = "no ledger says where its primary is: no backup is taken, copied or deleted";
    const common = { instance: id, region: home, patienceMs: ROLES_PATIENCE_MS };
    return [{ kind: "roles-unknown", ...common, detail }];
  });
}
