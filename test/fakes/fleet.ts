import { type Engine, traitsOf } from "../../lib/sla/engine.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import type { Plan } from "../../lib/sla/plan.ts";

const network = (suffix: string) => ({
  vpc: `vpc-${suffix}`,
  subnets: [`subnet-${suffix}a`, `subnet-${suffix}b`],
  securityGroup: `sg-${suffix}`,
  quarantineGroup: `sg-${suffix}q`,
  parameterGroup: "odoo-15",
  parameterGroups: { mariadb: "shops-10-11", mysql: "shops-8-4" },
});

export const QUICK_PLAN = {
  name: "quick",
  watch: { everySeconds: 15, badRounds: 3, goodRounds: 2 },
  multiAz: { required: false, waitSeconds: 0 },
  serverLoss: { rpoSeconds: 300, rtoSeconds: 1800, includesDns: true },
} as unknown as Plan;

/** An instance at home in Zurich with its standby in Frankfurt, unless told otherwise. */
export function instance(id: string, changes: Partial<Instance> = {}, engine?: Engine): Instance {
  return {
    id,
    plan: "quick",
    url: `https://${id}.example.ch/web/health`,
    home: "eu-central-2",
    standby: "eu-central-1",
    copies: [],
    database: {
      primary: `${id}-db`,
      standby: `${id}-db-standby`,
      secret: `${id}-db/sla`,
      name: "postgres",
      ...(engine !== undefined && { engine }),
      ...(traitsOf(engine).isCluster && { global: `${id}-global` }),
    },
    dns: { zone: "Z1", names: { database: `db.${id}.example.ch` }, ttl: 60, stop: "cell" },
    failover: "automatic",
    contacts: [`it@${id}.example.ch`],
    ...changes,
  };
}

/** A cluster of one region. */
export function regional(id: string, engine: Engine, changes: Partial<Instance> = {}): Instance {
  const one = alone(id, changes);
  return { ...one, database: { ...one.database, engine } };
}

/** The instance without its standby. */
export function alone(id: string, changes: Partial<Instance> = {}): Instance {
  const { standby: _standby, ...rest } = instance(id, changes);
  return { ...rest, database: { primary: `${id}-db`, secret: `${id}-db/sla`, name: "postgres" } };
}

/** Whose months are those of UTC. */
export const inUtc = (fleet: Fleet): Fleet => ({
  ...fleet,
  provider: { ...fleet.provider, timezone: "UTC" },
});

export function fleetOf(instances: readonly Instance[], plan: Plan = QUICK_PLAN): Fleet {
  return {
    provider: {
      name: "Orchard",
      contact: "ops@orchard.example",
      timezone: "Europe/Zurich",
      account: "111111111111",
    },
    vantages: ["eu-west-1", "eu-north-1", "eu-south-1"],
    control: "eu-west-1",
    controlTargets: ["https://one.example/", "https://two.example/"],
    sites: {
      "eu-central-2": network("2"),
      "eu-central-1": network("1"),
      "eu-west-1": network("3"),
    },
    plans: { quick: plan },
    instances,
  };
}
