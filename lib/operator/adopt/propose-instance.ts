import { type Entry, leaf, type Section, section } from "./draft.ts";
import { type Need, needsOf, standbyNeedsOf, ttlNeedOf } from "./needs-of.ts";
import {
  type AppCandidate,
  appsOf,
  bucketsLike,
  type Lead,
  leadsTo,
  machineLike,
  stemOf,
} from "./propose-names.ts";
import type { DatabaseSurvey, Survey } from "./survey.ts";

/** A primary with what stands by for it. */
export interface Found {
  readonly id: string;
  readonly home: string;
  readonly primary: DatabaseSurvey;
  readonly standby?: { readonly region: string; readonly database: DatabaseSurvey };
}

const TTL_SECONDS = 60;

/** One instance: what the account shows of it, what only its provider knows, and what it lacks. */
export function proposeInstance(survey: Survey, found: Found): Section {
  const { id, home, primary, standby } = found;
  const [lead, ...others] = leadsTo(survey.zones, primary.endpoint);
  const { seats, app, appLead } = seatsOf(survey, found, lead);
  const ttl = Math.max(0, ...[lead, appLead].map((each) => each?.record.ttlSeconds ?? 0));
  const slowest = [lead, appLead].find((each) => each?.record.ttlSeconds === ttl);
  const needs = [
    ...needsOf(home, primary),
    ...(standby ? standbyNeedsOf(standby.region, standby.database) : []),
    ...(slowest && ttl > TTL_SECONDS ? [ttlNeedOf(slowest.record.name, ttl)] : []),
  ];
  return {
    remarks: needs.flatMap(needWords),
    entries: [
      ["id", leaf({ value: id })],
      ["plan", leaf({ question: "what was sold" })],
      [
        "url",
        leaf({
          ...(appLead && { value: `https://${appLead.record.name}/` }),
          question: "its health page: a good answer is 2xx",
        }),
      ],
      ["home", leaf({ value: home, ...(primary.multiAz && { note: "Multi-AZ" }) })],
      ...(standby ? [["standby", leaf({ value: standby.region })] as const] : []),
      ["copies", leaf({ value: [], question: "regions that hold copies, as was sold" })],
      ["database", databaseOf(survey, found)],
      ...(app ? [["app", section(seats)] as const] : []),
      ["dns", dnsOf(survey, primary, lead, appLead, others)],
      ...filestoreOf(survey, id),
      ...machinesOf(survey, found),
      [
        "failover",
        leaf({ value: "alert-only", note: "then approval or automatic, after a drill" }),
      ],
      ["contacts", leaf({ value: [], question: "who is told of this instance" })],
    ],
  };
}

const needWords = ({ says, mend }: Need) => [
  `! ${says}${mend ? ":" : ""}`,
  ...(mend ? [`    ${mend}`] : []),
];

function databaseOf(survey: Survey, { home, primary, standby }: Found): Entry {
  const secret = `${primary.id}/sla`;
  const secrets = survey.regions.find(({ region }) => region === home)?.secrets ?? [];
  const { engine } = primary;
  return section([
    ...(engine === "postgres" ? [] : [["engine", leaf({ value: engine })] as const]),
    ["primary", leaf({ value: primary.id })],
    ...(standby ? [["standby", leaf({ value: standby.database.id })] as const] : []),
    [
      "secret",
      leaf({
        value: secret,
        ...(!secrets.includes(secret) && { note: "is not there yet: sla adopt makes it" }),
      }),
    ],
    ...(primary.databaseName ? [["name", leaf({ value: primary.databaseName })] as const] : []),
  ]);
}

/** Where the application answers, if exactly one balancer at home is known to be its. */
function seatsOf({ regions, zones }: Survey, found: Found, lead: Lead | undefined) {
  const balancersIn = (region: string | undefined) =>
    regions.find((each) => each.region === region)?.balancers ?? [];
  const candidates = appsOf(found.primary, lead?.record.name, zones, balancersIn(found.home));
  const [only, ...more] = [...Map.groupBy(candidates, ({ balancer }) => balancer.host).values()];
  const appLead: AppCandidate | undefined = more.length === 0 ? only?.[0] : undefined;
  if (!appLead) return { seats: [], app: undefined, appLead };
  const { balancer } = appLead;
  const twin = balancersIn(found.standby?.region).filter(
    ({ name, host }) =>
      name === balancer.name ||
      leadsTo(zones, host).some(({ record }) => record.name === appLead.record.name),
  );
  const seats: (readonly [string, Entry])[] = [["home", leaf({ value: balancer.host })]];
  if (found.standby) {
    const [there, ...others] = twin;
    seats.push([
      "standby",
      leaf(
        there && others.length === 0
          ? { value: there.host }
          : { question: `its load balancer in ${found.standby.region}` },
      ),
    ]);
  }
  return { seats, app: balancer, appLead };
}

function dnsOf(
  { zones }: Survey,
  primary: DatabaseSurvey,
  lead: Lead | undefined,
  app: Lead | undefined,
  others: readonly Lead[],
): Entry {
  const zone = lead?.zone ?? app?.zone ?? (zones.length === 1 ? zones[0] : undefined);
  const also = others.map(({ record }) => record.name).filter((name) => name !== lead?.record.name);
  const isElsewhere = app !== undefined && app.zone.id !== zone?.id;
  return section([
    ["zone", leaf(zone ? { value: zone.id, note: zone.name } : { question: "the hosted zone" })],
    [
      "names",
      section([
        [
          "database",
          leaf(
            lead
              ? {
                  value: lead.record.name,
                  ...(also.length > 0 && { note: `also ${[...new Set(also)].join(", ")}` }),
                }
              : {
                  question: `no record leads to ${primary.endpoint ?? "it"}: applications that use the endpoint itself cannot be led away. Make a CNAME, and let them use it`,
                },
          ),
        ],
        ...(app && !isElsewhere ? [["app", leaf({ value: app.record.name })] as const] : []),
        ...(isElsewhere
          ? [
              [
                "app",
                leaf({
                  question: `${app.record.name} is in the zone ${app.zone.name}, not in this one`,
                }),
              ] as const,
            ]
          : []),
      ]),
    ],
    ["ttl", leaf({ value: TTL_SECONDS })],
  ]);
}

function filestoreOf({ buckets }: Survey, id: string): readonly (readonly [string, Entry])[] {
  const [bucket, ...more] = bucketsLike(stemOf(id), buckets);
  return bucket && more.length === 0
    ? [["filestore", leaf({ value: `s3://${bucket}`, question: "is this where its files are?" })]]
    : [];
}

/** Of which images would be kept, where the plan sells them. */
function machinesOf(
  { regions }: Survey,
  { home, standby, primary }: Found,
): readonly (readonly [string, Entry])[] {
  const question = "is this its machine, if versions of the complete instance are sold?";
  const places = [home, ...(standby ? [standby.region] : [])];
  const named = places.flatMap((place) => {
    const machines = regions.find(({ region }) => region === place)?.machines ?? [];
    const value = machineLike(primary, machines);
    return value === undefined ? [] : [[place, leaf({ value, question })] as const];
  });
  return named.length > 0 ? [["machines", section(named)]] : [];
}
