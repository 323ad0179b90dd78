import { randomBytes } from "node:crypto";
import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import type { LocalCloud } from "../local-cloud/cloud.ts";
import { portsOf } from "../sla/engine.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import { appSeats } from "./app-seats.ts";
import { APPLICATION_USER } from "./application-sql.ts";
import { Aws } from "./aws.ts";
import { startControlPages } from "./control-page.ts";
import { customerNames } from "./customer-names.ts";
import { createDatabases, type Hands, type Passwords } from "./databases.ts";
import { type HostedApp, startApps } from "./hosted-apps.ts";
import { createParameterGroups } from "./parameter-groups.ts";
import { type Endpoints, recordsOf } from "./records.ts";
import { together } from "./together.ts";
import { WriterPool } from "./writer-pool.ts";
import { zonesOf } from "./zones.ts";

/** What a provider has before it deploys anything: databases, records, applications and their clients. */
export interface Estate {
  readonly aws: Aws;
  readonly apps: readonly HostedApp[];
  readonly endpoints: ReadonlyMap<string, Endpoints>;
  readonly writers: WriterPool;
  readonly passwords: Passwords;
  /** A client that keeps to one address, whatever DNS says. */
  writeStale(instance: Instance, address: string): void;
  close(): Promise<void>;
}

/** How far a provider has come. */
export interface EstateOptions {
  /** Nothing is prepared yet: neither standbys nor roles, secrets, groups elsewhere or records that fail over. */
  readonly isUnadopted?: boolean;
  readonly progress: (line: string) => void;
}

export async function buildEstate(
  cloud: LocalCloud,
  fleet: Fleet,
  { isUnadopted = false, progress }: EstateOptions,
): Promise<Estate> {
  const aws = new Aws(cloud.url, cloud.ground.credentials);
  const passwords = { master: secret(), application: secret(), sla: secret() };
  // Before anything else has a chance to begin: a deployment may run at the same time, and needs subnets.
  prepareNetwork(cloud, fleet);
  await createParameterGroups(aws, fleet, isUnadopted);
  for (const [id, name] of zonesOf(fleet)) cloud.services.route53.createZone({ id, name });
  const closeControls = await startControlPages(cloud, fleet.controlTargets);

  const built = await together(
    fleet.instances.map(async (instance) => {
      const options = { aws, fleet, passwords, hands: handsOf(cloud), isUnadopted };
      const endpoints = await createDatabases(instance, options);
      const standby = endpoints.standby === undefined ? "" : ", standby streaming";
      progress(`${instance.id}: primary in ${instance.home}${standby}`);
      return { instance, endpoints };
    }),
  );
  await createRecords(aws, isUnadopted ? built.map(asTheyWere) : built);
  await leadCustomersHere(cloud, fleet, aws);
  for (const instance of fleet.instances.filter(({ app }) => app !== undefined)) {
    for (const { site, name } of appSeats(instance)) cloud.services.balancers.add(site, name);
  }
  for (const { machines = {} } of fleet.instances) {
    for (const [region, called] of Object.entries(machines)) {
      cloud.services.machines.add(region, machineCalled(called));
    }
  }
  const apps = await Promise.all(
    fleet.instances.map((instance) => startApps(cloud, instance, passwords.application)),
  );
  const writers = new WriterPool(cloud.ground.clientEnvironment(), (pid) =>
    cloud.ground.guard.ownGroup(pid),
  );
  const client = ({ id, database }: Instance, host: string, stale: boolean) => ({
    ...{ instance: id, engine: database.engine ?? "postgres", host },
    database: database.name,
    user: APPLICATION_USER,
    password: passwords.application,
    stale,
  });
  for (const instance of fleet.instances) {
    writers.write(client(instance, instance.dns.names.database, false));
  }
  return {
    aws,
    apps: apps.flat(),
    endpoints: new Map(built.map(({ instance, endpoints }) => [instance.id, endpoints])),
    writers,
    passwords,
    writeStale: (instance, address) => writers.write(client(instance, address, true)),
    async close() {
      await writers.stop();
      await Promise.all(apps.flat().map((app) => app.close()));
      await closeControls();
      aws.close();
    },
  };
}

/** As the fleet names it: by its id, or by a tag. */
function machineCalled(called: string) {
  if (called.startsWith("i-")) return { id: called };
  const at = called.indexOf("=");
  return { tags: { [called.slice(0, at)]: called.slice(at + 1) } };
}

/** The provider's security groups: databases are open to its network, a quarantined one to nobody yet. */
function prepareNetwork(cloud: LocalCloud, fleet: Fleet): void {
  for (const [region, site] of Object.entries(fleet.sites)) {
    const { groups, subnets } = cloud.ground;
    const { vpc, securityGroup, quarantineGroup, gameDayGroup, imageTests } = site;
    groups.create(region, securityGroup, { description: "databases", vpc });
    for (const port of portsOf(fleet.instances)) {
      const rule = { protocol: "tcp", from: port, to: port };
      groups.allow(region, securityGroup, { cidr: "0.0.0.0/0" }, rule);
    }
    groups.create(region, quarantineGroup, { description: "fenced databases", vpc });
    if (gameDayGroup !== undefined) {
      groups.create(region, gameDayGroup, { description: "cut off on a game day", vpc });
    }
    subnets.describe(region, vpc, site.subnets);
    if (imageTests) {
      const about = { description: "tests of images", vpc, egress: [] };
      groups.create(region, imageTests.securityGroup, about);
      subnets.describe(region, vpc, [imageTests.subnet]);
    }
  }
}

interface Built {
  readonly instance: Instance;
  readonly endpoints: Endpoints;
}

/** An hour, as nobody thinks of a TTL until it is waited for. */
const USUAL_TTL_SECONDS = 3600;

/** Simple records, which nothing could lead elsewhere. */
const asTheyWere = ({ instance, endpoints }: Built): Built => {
  const { app, dns } = instance;
  return {
    instance: {
      ...instance,
      dns: { ...dns, ttl: USUAL_TTL_SECONDS },
      ...(app && { app: { home: app.home } }),
    },
    endpoints: { primary: endpoints.primary },
  };
};

async function createRecords(aws: Aws, built: readonly Built[]): Promise<void> {
  for (const [zone, members] of Map.groupBy(built, ({ instance }) => instance.dns.zone)) {
    const Changes = members.flatMap(({ instance, endpoints }) => recordsOf(instance, endpoints));
    await aws
      .route53()
      .send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Changes } }));
  }
}

async function leadCustomersHere(cloud: LocalCloud, fleet: Fleet, aws: Aws): Promise<void> {
  const own = new Set(zonesOf(fleet).keys());
  const byZone = Map.groupBy(customerNames(fleet), ({ zone }) => zone.name);
  for (const names of byZone.values()) {
    const [{ zone } = { zone: undefined }] = names;
    if (!zone) continue;
    if (!own.has(zone.id)) cloud.services.route53.createZone(zone);
    await aws.route53().send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zone.id,
        ChangeBatch: { Changes: names.map(({ change }) => change) },
      }),
    );
  }
}

/** As the operator who prepares databases once: past security groups, with all rights. */
const handsOf = ({ services: { rds } }: LocalCloud): Hands => ({
  sql: (region, server, text, database) => rds.adminQuery(region, server, text, [], database),
  settled: (region, database) => rds.settled(region, database),
});

const secret = () => randomBytes(18).toString("base64url");
