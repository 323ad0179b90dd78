import type { Finding } from "../../lib/sla/backups/action.ts";
import { type AutomatedBackup, type LogBook, logBookOf } from "../../lib/sla/backups/log-book.ts";
import { logDemandOf } from "../../lib/sla/backups/log-demand.ts";
import { type LogAction, type LogDesired, reconcileLogs } from "../../lib/sla/backups/ship-logs.ts";
import { listAll } from "./listings.ts";
import type { Pass } from "./pass.ts";

/** What a site knows of replicated logs, and what follows from it for all sites. */
export interface LogLook {
  readonly actions: readonly LogAction[];
  readonly findings: readonly Finding[];
  /** In this region, by instance. */
  readonly here: ReadonlyMap<string, AutomatedBackup>;
  /** Of the RPOs that rest on those. */
  readonly tightest: { readonly tightestRpoSeconds?: number };
  /** Whether a region that matters does not say what it holds. */
  readonly isWaiting: boolean;
}

type Looking = Pick<Pass, "region" | "fleet" | "roles" | "nowMs" | "automated">;

/** Asks no other region unless somebody's RPO rests on its answer. Never rejects: snapshots are taken and copied without it. */
export async function lookAtLogs(at: Looking): Promise<LogLook> {
  const desired = allDesired(at);
  const regions = desired.flatMap(({ primary, demand }) =>
    demand ? [primary.region, ...demand.places] : [],
  );
  const { listings, silent } = await listAll(at.automated, [...new Set([at.region, ...regions])]);
  const unheard = silent.get(at.region);
  if (unheard !== undefined) return blind(at.region, desired, unheard);
  const book = logBookOf(listings);
  const all = desired.map((each) => ({ ...each, ...reconcileLogs(each, book, at.nowMs) }));
  const resting = all.filter(({ shipped }) => shipped?.region === at.region);
  const tightest = Math.min(...resting.flatMap(({ demand }) => demand?.rpoSeconds ?? []));
  return {
    actions: all.flatMap(({ actions }) => actions),
    findings: [...all.flatMap(({ findings }) => findings), ...strangers(at, book)],
    here: new Map(
      resting.flatMap(({ instance, shipped }) => (shipped ? [[instance, shipped] as const] : [])),
    ),
    tightest: resting.length > 0 ? { tightestRpoSeconds: tightest } : {},
    isWaiting: silent.size > 0,
  };
}

const PATIENCE_MS = 30 * 60_000;

/** What this region holds is not known: nothing is done about it, and told if it lasts. */
function blind(region: string, desired: readonly LogDesired[], cause: unknown): LogLook {
  const detail = `RDS does not say what is replicated there: ${cause}`;
  const common = { kind: "logs-late", region, detail, patienceMs: PATIENCE_MS } as const;
  const resting = desired.filter(({ demand }) => demand?.places[0] === region);
  const findings = resting.map(({ instance }) => ({ ...common, instance }));
  return { actions: [], findings, here: new Map(), tightest: {}, isWaiting: true };
}

const allDesired = ({ fleet, roles, nowMs }: Looking): readonly LogDesired[] =>
  fleet.instances.flatMap((instance) => {
    const [plan, now] = [fleet.plans[instance.plan], roles.get(instance.id)];
    if (!plan || !now || now.leftAt !== undefined) return [];
    const demand = logDemandOf(instance, plan, now, nowMs);
    const { region, database } = now.primary;
    return [{ instance: instance.id, primary: { region, database }, ...(demand && { demand }) }];
  });

/** Of instances that are not in the fleet: they cost something, and nobody but a person can say that they may end. */
function strangers({ fleet, region }: Looking, book: LogBook): readonly Finding[] {
  const known = new Set(fleet.instances.map(({ id }) => id));
  return book.instances.flatMap((instance) => {
    const isHere = book.ours(instance).some((each) => each.region === region);
    if (known.has(instance) || !isHere) return [];
    const detail = `logs of '${instance}', which is not in the fleet, are still replicated to here: nobody ends that`;
    return [{ kind: "stranger", instance, region, detail, patienceMs: 0 }];
  });
}
