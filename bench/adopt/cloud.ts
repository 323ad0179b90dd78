import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateDBParameterGroupCommand } from "@aws-sdk/client-rds";
import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { Aws } from "../../lib/drill/aws.ts";
import { createDatabases } from "../../lib/drill/databases.ts";
import { recordsOf } from "../../lib/drill/records.ts";
import { zonesOf } from "../../lib/drill/zones.ts";
import { LocalCloud } from "../../lib/local-cloud/cloud.ts";
import { withoutServers } from "./engine.ts";
import { FLEET } from "./fleet.ts";

const PACE = 600;
const USUAL_TTL_SECONDS = 3600;

/** A local cloud with what a provider has before adopting: primaries, networks, a group, plain records of an hour. */
export async function livingCloud() {
  const parent = await mkdtemp(join(tmpdir(), "bench-adopt-"));
  const servers = join(parent, "servers");
  await mkdir(servers);
  withoutServers();
  const directory = join(parent, "cloud");
  const { account } = FLEET.provider;
  const cloud = await LocalCloud.start({ account, pace: PACE, directory });
  const aws = new Aws(cloud.url, cloud.ground.credentials);
  for (const [region, { vpc, subnets, securityGroup, quarantineGroup }] of Object.entries(
    FLEET.sites,
  )) {
    cloud.ground.subnets.describe(region, vpc, subnets);
    for (const group of [securityGroup, quarantineGroup]) {
      cloud.ground.groups.create(region, group, { vpc });
    }
  }
  const [home = ""] = FLEET.instances.map((each) => each.home);
  await aws.rds(home).send(
    new CreateDBParameterGroupCommand({
      ...{ DBParameterGroupName: FLEET.sites[home]?.parameterGroup, Description: "by hand" },
      DBParameterGroupFamily: "postgres15",
    }),
  );
  for (const [id, name] of zonesOf(FLEET)) cloud.services.route53.createZone({ id, name });
  const password = await settle(cloud, aws);
  return {
    ...{ cloud, password, servers },
    async end() {
      aws.close();
      await cloud.close();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** The primaries and their names; resolves to the master's password. */
async function settle({ services }: LocalCloud, aws: Aws): Promise<string> {
  const passwords = { master: "of-the-master", application: "none", sla: "none" };
  const hands = { sql: async () => [], settled: services.rds.settled };
  const Changes = await Promise.all(
    FLEET.instances.map(async (instance) => {
      const making = { aws, fleet: FLEET, passwords, hands, isUnadopted: true };
      const { primary } = await createDatabases(instance, making);
      const dns = { ...instance.dns, ttl: USUAL_TTL_SECONDS };
      return recordsOf({ ...instance, dns }, { primary });
    }),
  );
  const [HostedZoneId] = zonesOf(FLEET).keys();
  const ChangeBatch = { Changes: Changes.flat() };
  await aws.route53().send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
  return passwords.master;
}
