import { KEY_OF_RDS } from "../../../functions/failover/reprotect-contract.ts";
import { parameterGroupOf, type Site } from "../../sla/fleet.ts";
import { modifyOf, type Need } from "../adopt/needs-of.ts";
import { StuckError } from "./login-step.ts";
import type { Answer, DatabaseLook, Spot } from "./ports.ts";
import { type Case, done, type Found, type Step, stuck, waiting, wanting } from "./step.ts";

/** Of what was made here: the instance for which. */
export const MADE_NOTE = "hosting-sla:adopted";
/** Made where nobody names another; the deployment makes one of its own, for what it restores. */
export const STANDBY_GROUP = {
  name: "sla-standbys",
  /** By which it is known. */
  description: "standbys that hosting-sla made",
} as const;
/** A copy of a big database takes hours. */
const BUILT_WITHIN_SECONDS = 2 * 86_400;
const FOLLOWS_WITHIN_SECONDS = 3600;

/** A replica in the other region that keeps backups: what takes over without them could have none of its own but by an outage. */
export const standbyStep: Step = {
  name: "standby",
  async look(on) {
    const { instance, world, fleet } = on;
    const { home, standby: region, database } = instance;
    if (region === undefined || database.standby === undefined) return done("none is sold");
    const site = fleet.sites[region];
    const primary = await world.databases.look({ region: home, database: database.primary });
    if (!primary || !site) return stuck({ says: `${database.primary} in ${home} is not there` });
    const spot = { region, database: database.standby };
    const standby = await world.databases.look(spot);
    if (!standby) return toBuild(on, spot, site, primary);
    return strange(on, standby, primary) ?? settled(on, spot, standby, primary);
  },
};

async function toBuild(on: Case, spot: Spot, site: Site, primary: DatabaseLook): Promise<Found> {
  const { groups, databases } = on.world;
  const subnetGroup = on.wish.subnetGroup ?? STANDBY_GROUP.name;
  const { region } = spot;
  const { engine } = on.instance.database;
  const parameterGroup = parameterGroupOf(site, engine);
  if (parameterGroup === undefined) {
    return stuck({ says: `the fleet names no parameter group of ${engine} for ${region}` });
  }
  if (!(await groups.subnets(region, subnetGroup))) {
    if (on.wish.subnetGroup !== undefined) {
      return stuck({ says: `--subnet-group: ${region} has no '${subnetGroup}'` });
    }
    return wanting(`make the subnet group ${subnetGroup} in ${region}, then ${spot.database}`, () =>
      groups.makeSubnets(region, STANDBY_GROUP, site.subnets),
    );
  }
  const order = {
    ...{ source: primary.arn, groups: [site.securityGroup], subnetGroup },
    ...{ parameterGroup, multiAz: primary.multiAz, instance: on.instance.id },
    ...(primary.encrypted && { kmsKey: on.wish.kmsKey ?? KEY_OF_RDS }),
  };
  return wanting(`make the replica ${spot.database} in ${region}`, async () =>
    taken(await databases.replicate(spot, order)),
  );
}

/** What RDS refuses no repeat changes; what it cannot do now the next look asks again. */
export function taken(answer: Answer): void {
  if (typeof answer === "object") throw new StuckError([{ says: `RDS: ${answer.refused}` }]);
}

const BROKEN = /^(failed|incompatible-|inaccessible-|storage-full|deleting|stopped|stopping)/;

/** Something of that name that cannot stand by. */
function strange(
  { instance }: Case,
  standby: DatabaseLook,
  primary: DatabaseLook,
): Found | undefined {
  const { id, status, replicaOf, replication } = standby;
  const where = `${id} in ${instance.standby}`;
  if (BROKEN.test(status)) return stuck({ says: `${where} is ${status}` });
  if (replication === "terminated") {
    return stuck({
      says: `${where}: its replication was terminated, and cannot be begun again: delete it, then this again`,
    });
  }
  if (replicaOf === primary.arn || (replicaOf === undefined && status === "creating")) {
    return undefined;
  }
  return stuck({
    says: `${where} ${replicaOf === undefined ? "is a primary of its own" : `follows ${replicaOf}`}, not ${primary.id}: name another database.standby`,
  });
}

function settled(on: Case, spot: Spot, standby: DatabaseLook, primary: DatabaseLook): Found {
  const { id, status, retentionDays, replication } = standby;
  if (status !== "available" && status !== "backing-up") {
    return waiting(`${id} is ${status}`, BUILT_WITHIN_SECONDS);
  }
  if (retentionDays === 0) {
    if (status !== "available") return waiting(`${id} is ${status}`, BUILT_WITHIN_SECONDS);
    const days = primary.retentionDays;
    return wanting(`keep backups of ${id} for ${days} days`, async () =>
      taken(await on.world.databases.keepBackups(spot, days)),
    );
  }
  return replication === "replicating"
    ? done(
        `${id} in ${spot.region} follows, backups of ${retentionDays} days`,
        advice(on, spot, standby, primary),
      )
    : waiting(`${id} is ${replication ?? "not following yet"}`, FOLLOWS_WITHIN_SECONDS);
}

/** One that was there before may be less than what it is to stand in for. */
function advice(
  { fleet, instance }: Case,
  { region, database }: Spot,
  standby: DatabaseLook,
  primary: DatabaseLook,
): readonly Need[] {
  const site = fleet.sites[region];
  const parameters = site && parameterGroupOf(site, instance.database.engine);
  const modify = modifyOf(region, database);
  return [
    ...(standby.instanceClass === primary.instanceClass
      ? []
      : [
          {
            says: `${database} is ${standby.instanceClass}, its primary ${primary.instanceClass}`,
            mend: `${modify} --db-instance-class ${primary.instanceClass}`,
          },
        ]),
    ...(parameters === undefined || standby.parameterGroup === parameters
      ? []
      : [
          {
            says: `${database} runs with ${standby.parameterGroup}, the fleet says ${parameters}; it takes a reboot of the standby`,
            mend: `${modify} --db-parameter-group-name ${parameters}`,
          },
        ]),
    ...(site === undefined || standby.groups.includes(site.securityGroup)
      ? []
      : [
          {
            says: `${database} is not in ${site.securityGroup}: promoted, it would be reached by nobody`,
            mend: `${modify} --vpc-security-group-ids ${site.securityGroup}`,
          },
        ]),
  ];
}
