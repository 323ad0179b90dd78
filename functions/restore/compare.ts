import { isFrozen } from "../../lib/sla/destination.ts";
import { isDumped } from "../../lib/sla/dump-formats.ts";
import { dumpedIn } from "../../lib/sla/dumps.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { ContentTable, Figures } from "../sql/contract.ts";
import type { Compared, Examined } from "./case.ts";
import { shownElsewhere } from "./elsewhere.ts";
import { partsOf } from "./examine.ts";
import { prove, tablesOf } from "./proof.ts";
import { instanceOf, type RestoreWorld } from "./world.ts";

/** Plan seconds: heartbeats come every minute, and RDS's clock and the server's may differ. */
const BEAT_SECONDS = 300;
const SKEW_SECONDS = 60;
/** Where a minute takes a second, a machine that others use as well may be silent for longer than that. */
const FLOOR_MS = 30_000;

/** Judges what was read against what the primary said of itself when the backup was taken. */
export async function compare(world: RestoreWorld, examined: Examined): Promise<Compared> {
  const { clock } = world;
  const parts = await partsOf(world, examined);
  const [figures, elsewhere] = await Promise.all([
    figuresOf(world, examined),
    shownElsewhere(world, examined),
  ]);
  const checks = prove({
    ...{ parts, takenAt: examined.takenAt },
    beatMs: clock.paced(BEAT_SECONDS, FLOOR_MS),
    skewMs: clock.paced(SKEW_SECONDS, FLOOR_MS),
    ...(figures && { figures }),
    ...(elsewhere && { elsewhere }),
  });
  const broken = checks.filter(({ ok }) => !ok);
  const message = broken.map(({ name, found }) => `not so: ${name} (${found})`).join("; ");
  const tables = tablesOf(parts);
  return {
    ...examined,
    checks,
    tables: tables.length,
    rows: tables.reduce((sum, each) => sum + each.rows, 0),
    ...(broken.length > 0
      ? { failure: { code: "NotProven", message } }
      : isFrozenHere(world, examined) && {
          ...{ freeze: true, ...engineOf(world, examined) },
          ...countsOf(tables),
        }),
  };
}

function engineOf(world: RestoreWorld, { request }: Examined): Pick<Compared, "engine"> {
  const { engine } = instanceOf(world, request.instance).database;
  return engine !== undefined && isDumped(engine) ? { engine } : {};
}

/** Where its plan sells it, it is sent on or somebody waits for it, of what was proven, in the one region that has the machinery. */
function isFrozenHere(world: RestoreWorld, { request, forDump }: Examined): boolean {
  const { fleet, region } = world;
  const instance = instanceOf(world, request.instance);
  const plan = fleet.plans[instance.plan];
  if (!plan || fleet.frozen?.region !== region) return false;
  const isAsked = forDump === true && dumpedIn(instance, plan, fleet.frozen) === region;
  return isAsked || isFrozen(instance, plan);
}

/** A state of the machine holds 256 KiB. */
const COUNTED_TABLES = 1000;

const countsOf = (tables: readonly ContentTable[]) =>
  tables.length <= COUNTED_TABLES && {
    counts: Object.fromEntries(tables.map(({ table, rows }) => [table, rows])),
  };

/** In the ledger of whichever site had the primary then. */
async function figuresOf(
  { ledgers, fleet }: RestoreWorld,
  { request }: Examined,
): Promise<Figures | undefined> {
  const key = keys.figures(request.instance, request.backup);
  const asked = await Promise.all(
    Object.keys(fleet.sites).map((site) =>
      ledgers(site)
        .read<Figures>(key)
        .catch((cause: unknown) => {
          // A region that is lost must not keep backups elsewhere from being proven.
          if (cause instanceof SlaError && cause.blame === "cloud") return undefined;
          throw cause;
        }),
    ),
  );
  return asked.find((entry) => entry !== undefined)?.value;
}
