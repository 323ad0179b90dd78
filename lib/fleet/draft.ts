import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Mistake } from "./mistake.ts";
import { resolvePlans } from "./plans.ts";
import { fleetSchema } from "./schema.ts";
import { salvage, shapeMistakes } from "./shape.ts";
import { isRecord } from "./values.ts";

/** What of a fleet file is well-formed, so that one mistake does not hide the next. */
export interface Draft {
  readonly provider?: Fleet["provider"];
  readonly vantages?: Fleet["vantages"];
  readonly control?: string;
  readonly controlTargets?: Fleet["controlTargets"];
  readonly sites?: Fleet["sites"];
  /** Regions that sites: has a key for, whatever is below it. */
  readonly siteRegions?: readonly string[];
  readonly frozen?: Fleet["frozen"];
  readonly customers?: Fleet["customers"];
  readonly status?: Fleet["status"];
  readonly reports?: Fleet["reports"];
  /** Keys that the file has at its top, whatever is below them. */
  readonly topKeys: readonly string[];
  readonly plans: Fleet["plans"];
  readonly planNames: readonly string[];
  readonly instances: readonly Entry[];
}

export interface Entry {
  /** Place in the file's list. */
  readonly index: number;
  readonly instance: Instance;
  /** Keys of the instance that were wrong: rules that look at them would complain of a stand-in. */
  readonly doubtful: ReadonlySet<string>;
}

/** Splits plain data into what can be judged further and the mistakes of its shape. */
export function draftOf(raw: unknown): { readonly draft: Draft; readonly mistakes: Mistake[] } {
  if (!isRecord(raw)) {
    const message = "expected keys with values, such as provider: and instances:";
    return {
      draft: { plans: {}, planNames: [], topKeys: [], instances: [] },
      mistakes: [{ path: [], message }],
    };
  }
  const { plans, names, mistakes } = resolvePlans(raw["plans"]);
  const draft = {
    ...sections(raw),
    ...{ plans, planNames: names },
    topKeys: Object.keys(raw),
    instances: entries(raw["instances"]),
  };
  return { draft, mistakes: [...shapeMistakes(fleetSchema, raw), ...mistakes] };
}

function sections(raw: Readonly<Record<string, unknown>>) {
  const { provider, vantages, control, controlTargets, sites, frozen, customers, status, reports } =
    fleetSchema.shape;
  const found = {
    provider: salvage(provider, raw["provider"])?.value,
    vantages: salvage(vantages, raw["vantages"])?.value,
    control: salvage(control, raw["control"])?.value,
    controlTargets: salvage(controlTargets, raw["controlTargets"])?.value,
    sites: salvage(sites, raw["sites"])?.value,
    siteRegions: isRecord(raw["sites"]) ? Object.keys(raw["sites"]) : undefined,
    frozen: "frozen" in raw ? salvage(frozen, raw["frozen"])?.value : undefined,
    customers: "customers" in raw ? salvage(customers, raw["customers"])?.value : undefined,
    status: "status" in raw ? salvage(status, raw["status"])?.value : undefined,
    reports: "reports" in raw ? salvage(reports, raw["reports"])?.value : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function entries(raw: unknown): readonly Entry[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((value: unknown, index) => {
    const found = salvage(fleetSchema.shape.instances.element, value, standIn(value, index));
    return found ? [{ index, instance: found.value, doubtful: found.doubtful }] : [];
  });
}

/** What an instance must have, unlike that of any other; it never reaches a finished fleet. */
function standIn(value: unknown, index: number) {
  const name = `unknown-${index}`;
  return {
    id: name,
    plan: "unknown",
    url: "https://unknown.invalid/",
    home: "us-east-1",
    database: { primary: name, secret: name },
    dns: { zone: "Z0", names: { database: `${name}.invalid` } },
    ...(isRecord(value) && isRecord(value["app"]) && { app: { home: `${name}.invalid` } }),
  };
}
