import { ADOPTED_NAMES, adoptedEngine, traitsOf } from "../../sla/engine.ts";
import type { Site } from "../../sla/fleet.ts";
import { coversDatabases } from "../../sla/ingress.ts";
import { adviceOf, blockersOf, modifyOf, type Need, oldness } from "../adopt/needs-of.ts";
import type { DatabaseLook } from "./ports.ts";
import { type Case, done, type Found, type Step, stuck, waiting } from "./step.ts";

const SETTLES_SECONDS = 7200;

/** Whether the primary and the networks are such that the rest can be done. Changes nothing. */
export const checkStep: Step = {
  name: "checks",
  async look(on) {
    const { instance, world } = on;
    const { home, database } = instance;
    const primary = await world.databases.look({ region: home, database: database.primary });
    if (!primary) {
      return stuck({
        says: `${home} has no database ${database.primary}`,
        mend: `npx sla adopt --scan --regions ${home}`,
      });
    }
    const needs = [
      ...strangenessOf(on, primary),
      ...primaryNeeds(on, primary),
      ...(await sites(on)),
    ];
    if (needs.length > 0) return stuck(...needs);
    return primary.status === "available" ? done(...fine(on, primary)) : unsettled(primary);
  },
};

const fine = ({ instance: { home, database } }: Case, primary: DatabaseLook) =>
  [
    `${primary.id} in ${home}: ${traitsOf(database.engine).title} ${primary.version}, ${
      primary.multiAz ? "Multi-AZ" : "one zone"
    }, backups of ${primary.retentionDays} days`,
    adviceOf(home, primary),
  ] as const;

/** What it passes through by itself; anything else waits for a person. */
const PASSING =
  /^(creating|backing-up|modifying|configuring-|maintenance|rebooting|renaming|resetting-|starting|storage-|upgrading)/;

const unsettled = ({ id, status }: DatabaseLook): Found =>
  PASSING.test(status) && status !== "storage-full"
    ? waiting(`${id} is ${status}`, SETTLES_SECONDS)
    : stuck({ says: `${id} is ${status}` });

/** Told alone: the rest does not hold for it. */
function strangenessOf(
  { instance: { database } }: Case,
  { id, engine, cluster, replicaOf }: DatabaseLook,
): readonly Need[] {
  const { engine: said = "postgres" } = database;
  if (engine !== said) {
    const titles = ADOPTED_NAMES.map((name) => traitsOf(name).title).join(", ");
    const mend = adoptedEngine(engine)
      ? `write 'engine: ${engine}' into its database of the fleet file`
      : `kept are instances of ${titles}`;
    return [{ says: `${id} runs ${engine}, the fleet says ${said}; ${mend}` }];
  }
  if (cluster !== undefined) {
    return [{ says: `${id} is part of the cluster ${cluster}; this version keeps instances only` }];
  }
  return replicaOf === undefined
    ? []
    : [{ says: `${id} is a replica of ${replicaOf}: name that as database.primary` }];
}

function primaryNeeds(on: Case, primary: DatabaseLook): readonly Need[] {
  const { instance, plan, fleet } = on;
  const { home, standby } = instance;
  const modify = modifyOf(home, primary.id);
  const group = fleet.sites[home]?.securityGroup;
  const old = standby === undefined ? undefined : oldness(primary);
  return [
    ...blockersOf(home, primary),
    ...(plan.multiAz.required && !primary.multiAz
      ? [
          {
            says: `its plan '${instance.plan}' promises a live copy in the same region: Multi-AZ, which takes minutes and no outage`,
            mend: `${modify} --multi-az`,
          },
        ]
      : []),
    ...(old ? [{ says: `${old.of} ${old.lacks}: upgrade to ${old.least}` }] : []),
    ...(group === undefined || primary.groups.includes(group)
      ? []
      : [
          {
            says: `it is not in ${group}, the securityGroup of ${home}, by which the functions that watch it reach it`,
            mend: `${modify} --vpc-security-group-ids ${[...primary.groups, group].join(" ")}`,
          },
        ]),
  ];
}

/** Where it lives, would live, and is restored. */
const sitesOf = ({ instance, fleet }: Case): readonly (readonly [string, Site])[] =>
  [...new Set([instance.home, instance.standby, ...instance.copies])].flatMap((region) => {
    const site = region === undefined ? undefined : fleet.sites[region];
    return region === undefined || site === undefined ? [] : [[region, site] as const];
  });

async function sites(on: Case): Promise<readonly Need[]> {
  const needs = sitesOf(on).map(async ([region, site]) => {
    const [service, quarantine] = await Promise.all(
      [site.securityGroup, site.quarantineGroup].map((id) => on.world.groups.security(region, id)),
    );
    return [
      ...(service
        ? elsewhere(region, site.securityGroup, service.vpc, site)
        : absent(region, site, "securityGroup")),
      ...(quarantine
        ? elsewhere(region, site.quarantineGroup, quarantine.vpc, site)
        : absent(region, site, "quarantineGroup")),
      ...(quarantine?.ingress.some(
        (rule) => coversDatabases(rule) && rule.peers.some(({ kind }) => kind === "network"),
      )
        ? [
            {
              says: `${site.quarantineGroup}, the quarantineGroup of ${region}, lets networks in: what is fenced with it could still be written to. It has to be empty`,
            },
          ]
        : []),
    ];
  });
  return (await Promise.all(needs)).flat();
}

const absent = (
  region: string,
  { vpc, ...site }: Site,
  key: "securityGroup" | "quarantineGroup",
): readonly Need[] => [
  {
    says: `${region} has no ${site[key]}, which the fleet names as its ${key}; make one and write its id there`,
    mend: `aws --region ${region} ec2 create-security-group --vpc-id ${vpc} --group-name ${
      key === "securityGroup" ? "databases" : "sla-quarantine --description 'fenced databases'"
    }${key === "securityGroup" ? " --description databases" : ""}`,
  },
];

const elsewhere = (region: string, id: string, vpc: string, site: Site): readonly Need[] =>
  vpc === site.vpc ? [] : [{ says: `${id} of ${region} is in ${vpc}, not in ${site.vpc}` }];
