import type { Finding, Sold } from "./check.ts";
import type { Plan } from "./plan.ts";

/** One promise in words; undefined where the plan does not make it. */
type Words = (plan: Plan) => string | undefined;

/** Promises whose machinery is still to come: they are shown, and never shown as kept. */
const COMING: readonly (readonly [promise: string, covers: Finding["covers"], words: Words])[] = [
  [
    "Multi-AZ",
    "database",
    ({ multiAz }) => (multiAz.required ? "live copy, same site" : undefined),
  ],
  ["isolation", "database", ({ isolation }) => isolation?.replaceAll("-", " ")],
];

/** The promises about the service that this version only states, and that somebody looks after backups. */
export function servicePromises({ plan }: Sold): readonly Finding[] {
  return [
    ...COMING.flatMap(([promise, covers, words]): readonly Finding[] => {
      const promised = words(plan);
      if (promised === undefined) return [];
      return [{ promise, status: "not-yet-covered", promised, covers }];
    }),
    ...backupHealth(plan),
  ];
}

function backupHealth({ backupMonitoring, backups }: Plan): readonly Finding[] {
  if (!backupMonitoring) return [];
  const promised = backupMonitoring.hours;
  const common = { promise: "backup health", promised, covers: "database" } as const;
  if (backups) return [{ ...common, status: "kept", achievable: "a pass every 15m" }];
  const change = "sell backups as well: there are none to look after";
  return [{ ...common, status: "broken", change, where: { of: "plan", path: ["backups"] } }];
}
