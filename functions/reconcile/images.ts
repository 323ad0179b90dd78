import { type Action, type Finding, placeOf } from "../../lib/sla/backups/action.ts";
import type { ZoneCalendar } from "../../lib/sla/backups/calendar.ts";
import { type Shelved, tagsOf } from "../../lib/sla/backups/catalogue.ts";
import { desiredImagesOf, imagedIn, imageTagsOf } from "../../lib/sla/backups/images.ts";
import { fairCopies } from "../../lib/sla/backups/queue.ts";
import { type Desired, reconcile } from "../../lib/sla/backups/reconcile.ts";
import { testsUnderWay } from "../../lib/sla/backups/restore-tests.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { IMAGE_TESTS_AT_ONCE } from "../restore/image-contract.ts";
import { asked, type Done } from "./asked.ts";
import { listAll } from "./listings.ts";
import { catalogueOf } from "./observe.ts";
import type { Hands, Snapshots } from "./ports.ts";
import { leftBehind, strangerFinding } from "./tellers.ts";

export interface ImagesSituation {
  readonly region: string;
  readonly fleet: Fleet;
  readonly roles: ReadonlyMap<string, Roles>;
  readonly calendar: ZoneCalendar;
  readonly nowMs: number;
  /** Deletions that a person has allowed beyond the bound, by instance. */
  readonly allowed: ReadonlyMap<string, number>;
  readonly images: Snapshots;
  readonly refusedImages: ReadonlySet<string>;
  readonly hands: Pick<Hands, "images">;
}

export interface ImagesHere {
  readonly done: readonly Done[];
  readonly findings: readonly Finding[];
  /** In this region, of all instances. */
  readonly here: readonly Shelved[];
  /** Whether this region still waits for an image, or some region does not say what it holds. */
  readonly isWaiting: boolean;
}

const NOTHING: ImagesHere = { done: [], findings: [], here: [], isWaiting: false };

/**
 * Images are looked after as backups of databases are, by the same decisions; no region is asked where nobody sells them. Never rejects:
 * databases are backed up whatever becomes of their machines.
 */
export async function imagesHere(at: ImagesSituation): Promise<ImagesHere> {
  const desired = allDesired(at);
  if (desired.length === 0) return NOTHING;
  const { region } = at;
  const regions = [...new Set([region, ...desired.flatMap(({ places }) => places)])];
  const { listings, silent } = await listAll(at.images, regions);
  const ids = imagedIn(at.fleet).map(({ id }) => id);
  const catalogue = catalogueOf(listings, ids);
  const all = desired.map((each) =>
    reconcile(each, catalogue.of(each.instance), at.calendar, at.nowMs),
  );
  const wanted = all.flatMap(({ actions }) => actions).filter((each) => placeOf(each) === region);
  const underWay = catalogue.copying(region);
  const copies = wanted.filter((action) => action.kind === "copy");
  const begin = new Set<Action>(fairCopies(copies, underWay, underWay.length, at.refusedImages));
  const here = ids.flatMap((id) => catalogue.of(id).shelves.get(region) ?? []);
  const tests = wanted.filter((action) => action.kind === "verify");
  const room = IMAGE_TESTS_AT_ONCE - testsUnderWay(here, at.nowMs).length;
  for (const test of tests.slice(0, Math.max(0, room))) begin.add(test);
  const now = wanted.filter(
    (action) => (action.kind !== "copy" && action.kind !== "verify") || begin.has(action),
  );
  return {
    done: await carryOut(now, at.hands.images),
    findings: [
      ...all.flatMap(({ findings }) => findings),
      ...desired.flatMap(unnamed),
      ...wanted.flatMap(untagged),
      ...catalogue.strangers.map(strangerFinding),
      ...desired.flatMap((each) => leftBehind(each, catalogue.of(each.instance))),
    ].map(ofImages),
    here,
    isWaiting: silent.size > 0 || all.some(({ waiting }) => waiting.includes(region)),
  };
}

const allDesired = ({ fleet, roles, allowed }: ImagesSituation): readonly Desired[] =>
  imagedIn(fleet).flatMap((instance) => {
    const [plan, now] = [fleet.plans[instance.plan], roles.get(instance.id)];
    const desired =
      plan && now && now.leftAt === undefined ? desiredImagesOf(instance, plan, now) : undefined;
    const allowedDeletions = allowed.get(instance.id);
    if (!desired) return [];
    return [{ ...desired, ...(allowedDeletions !== undefined && { allowedDeletions }) }];
  });

/** Deletions last. An image is given no tags: who may give any image ours may have any deleted. */
async function carryOut(
  actions: readonly Action[],
  hands: Hands["images"],
): Promise<readonly Done[]> {
  const of = <Kind extends Action["kind"]>(kind: Kind) =>
    actions.filter((action): action is Extract<Action, { kind: Kind }> => action.kind === kind);
  const takes = of("take").filter(({ database }) => database !== "");
  const [copies, deletions] = [of("copy"), of("delete")];
  const making = await Promise.all([
    asked(takes, () =>
      hands.take({
        takes: takes.map((one) => ({ id: one.id, database: one.database, tags: tagsOf(one) })),
      }),
    ),
    asked(copies, () =>
      hands.copy({
        copies: copies.map(({ from, backup: { id }, backup }) => {
          return { id, from, tags: imageTagsOf(backup) };
        }),
      }),
    ),
  ]);
  const testing = await asked(of("verify"), (those) =>
    hands.test({ tests: those.map(({ backup: { id, instance } }) => ({ id, instance })) }),
  );
  const deleting = await asked(deletions, () =>
    hands.rotate({
      deletions: deletions.map(({ backup: { id, instance, state } }) => {
        return { id, instance, state: state === "failed" ? "failed" : "available" };
      }),
    }),
  );
  return [...making.flat(), ...testing, ...deleting].map((each) => ({ ...each, of: "images" }));
}

/** Where the instance runs nobody says which machine it is. */
function unnamed({ instance, primary: { region, database } }: Desired): readonly Finding[] {
  if (database !== "") return [];
  const detail = `its primary is here, and the fleet names no machine of it here: no version is taken`;
  return [{ kind: "machine-unnamed", instance, region, detail, patienceMs: 0 }];
}

/** As another region still has them: of a database's backup they would be given back. */
function untagged(action: Action): readonly Finding[] {
  if (action.kind !== "repair") return [];
  const { id, instance } = action.backup;
  const detail = `${id} has a name of ours but not its tags: it is not counted and not deleted`;
  return [{ kind: "tags-lost", instance, region: action.region, detail, patienceMs: 0 }];
}

const ofImages = (finding: Finding): Finding => ({
  ...finding,
  of: "images",
  detail: `images: ${finding.detail}`,
});
