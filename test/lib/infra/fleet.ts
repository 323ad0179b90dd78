import type { Fleet, Instance, SftpDestination, Site } from "../../../lib/sla/fleet.ts";

const site = (n: number): Site => ({
  vpc: `vpc-${n}`,
  subnets: [`subnet-${n}a`, `subnet-${n}b`],
  securityGroup: `sg-${n}`,
  quarantineGroup: `sg-${n}q`,
  parameterGroup: "odoo-15",
});

const instance = (id: string, standby: boolean): Instance => ({
  id,
  plan: "mintsys",
  url: `https://${id}.example.ch/web/health`,
  home: "eu-central-2",
  ...(standby && { standby: "eu-central-1" }),
  copies: [],
  database: {
    primary: `${id}-db`,
    ...(standby && { standby: `${id}-db-standby` }),
    secret: `${id}-db/sla`,
    name: "postgres",
  },
  app: { home: `${id}-2.elb.example`, ...(standby && { standby: `${id}-1.elb.example` }) },
  dns: {
    zone: "Z0123456789ABC",
    names: { database: `db.${id}.example.ch`, app: `${id}.example.ch` },
    ttl: 60,
    stop: "cell",
  },
  failover: "automatic",
  contacts: [`it@${id}.example.ch`],
});

const destination: SftpDestination = {
  ...{ kind: "sftp", host: "backup.cedar.example", port: 22, path: "/backups" },
  ...{ hostKey: [`SHA256:${"A".repeat(43)}`], secret: "cedar/destination" },
  files: true,
};

/** Two instances with a standby and one without that has a place of its own for dumps, three sites, two vantages that are no sites, a frozen account. */
export const fleet: Fleet = {
  provider: {
    name: "Test",
    contact: "ops@provider.example",
    onCall: [{ contact: "night@provider.example", afterMinutes: 10 }],
    webhooks: [{ name: "pager", url: "https://pager.example/sla", secret: "sla/pager" }],
    timezone: "Europe/Zurich",
    account: "111111111111",
  },
  vantages: ["eu-west-1", "eu-north-1", "eu-south-1"],
  control: "eu-west-1",
  controlTargets: ["https://control.example/"],
  frozen: { account: "222222222222", region: "eu-west-1", retainDays: 120 },
  customers: {
    issuer: "https://login.example",
    audience: ["sla"],
    claim: "sub",
    scopes: ["copies"],
  },
  status: {},
  sites: {
    "eu-central-2": site(2),
    "eu-central-1": site(1),
    "eu-west-1": { ...site(3), routeTables: ["rtb-3"] },
  },
  plans: {},
  instances: [
    instance("acme", true),
    instance("birch", true),
    { ...instance("cedar", false), destination },
  ],
};

/** The same customers over and over, under names of their own. */
export function ofSize(count: number): Fleet {
  const instances = Array.from({ length: count }, (_, index) => {
    const like = fleet.instances[index % fleet.instances.length];
    if (!like) throw new Error("the test fleet is empty");
    const { primary, standby, ...rest } = like.database;
    const id = `${like.id}-${index}`;
    const database = {
      ...{ ...rest, primary: `${id}-db`, secret: `${id}-db/sla` },
      ...(standby !== undefined && { standby: `${id}-db-standby` }),
    };
    const dns = { ...like.dns, zone: `Z0${String(index).padStart(13, "0")}` };
    return { ...like, id, database, dns };
  });
  return { ...fleet, instances };
}
