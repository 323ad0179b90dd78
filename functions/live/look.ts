import { databaseArns } from "../../lib/sla/database-arns.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Finding } from "../../lib/sla/live/finding.ts";
import { regionsOf } from "../../lib/sla/live/judge-region.ts";
import { inLanes } from "../kernel/lanes.ts";
import { attempts } from "./attempts.ts";
import type { TlsGrade, Unlooked } from "./contract.ts";
import { instanceFindings } from "./look-instance.ts";
import { regionFindings } from "./look-region.ts";
import type { LiveWorld } from "./ports.ts";

export interface LiveReport {
  /** ISO 8601. */
  readonly at: string;
  readonly findings: readonly Finding[];
  readonly unlooked: readonly Unlooked[];
  /** Keys of the subjects all of which was seen: what is not found of them is not there. */
  readonly looked: ReadonlySet<string>;
  /** By instance, of those whose endpoints were seen. */
  readonly tls: Readonly<Record<string, TlsGrade>>;
}

export interface Looking {
  readonly progress: (line: string) => void;
  /** Instances that are not begun by then are not looked at. @default no end */
  readonly until?: Date;
  /** Instances that come first. @default none */
  readonly first?: ReadonlySet<string>;
}

export const LANES = 16;

/** Compares a deployed fleet with what it is written down as. Changes nothing. */
export async function lookLive(
  fleet: Fleet,
  world: LiveWorld,
  { progress, until, first = new Set() }: Looking,
): Promise<LiveReport> {
  const { clock } = world;
  const at = clock.now().toISOString();
  const { attempt, unlooked, looked } = attempts();
  const tls = new Map<string, TlsGrade>();
  progress(`looking at ${regionsOf(fleet).length} regions`);
  const regions = await regionFindings(fleet, world, attempt);
  const roles = await attempt({ area: "roles", about: "the fleet" }, () => world.roles());
  progress(`looking at ${fleet.instances.length} instances`);
  const { byTag } = databaseArns(fleet);
  const order = fleet.instances.toSorted(
    (one, other) => Number(first.has(other.id)) - Number(first.has(one.id)),
  );
  const found = await inLanes(LANES, roles ? order : [], async (instance) => {
    const isLate = until !== undefined && clock.now() > until;
    const on = {
      fleet,
      world,
      attempt,
      isLate,
      byTag,
      grade: (it: TlsGrade) => tls.set(instance.id, it),
    };
    return [instance.id, await instanceFindings(on, instance, roles?.get(instance.id))] as const;
  });
  const byInstance = new Map(found);
  return {
    at,
    findings: [...regions, ...fleet.instances.flatMap(({ id }) => byInstance.get(id) ?? [])],
    unlooked: [...unlooked.values()],
    looked: looked.difference(new Set(unlooked.keys())),
    tls: Object.fromEntries(tls),
  };
}
