import type {
  DatabaseSurvey,
  RecordSurvey,
  RegionSurvey,
  Survey,
} from "../../../../lib/operator/adopt/survey.ts";

export const HOME = "eu-central-2";
export const AWAY = "eu-central-1";
export const THIRD = "eu-west-1";

/** As ids of networks are: letters and digits. */
export const short = (region: string) => region.replaceAll("-", "");
export const arnOf = (region: string, id: string) => `arn:aws:rds:${region}:111111111111:db:${id}`;
export const endpointOf = (region: string, id: string) => `${id}.abc.${region}.rds.amazonaws.com`;

export const database = (
  region: string,
  id: string,
  other: Partial<DatabaseSurvey> = {},
): DatabaseSurvey => ({
  ...{ id, arn: arnOf(region, id), engine: "postgres", version: "15.8", status: "available" },
  endpoint: endpointOf(region, id),
  ...{ multiAz: true, encrypted: true, retentionDays: 7, deletionProtection: true },
  hasManagedSecret: false,
  groups: [`sg-${short(region)}`],
  subnets: [`subnet-${short(region)}a`, `subnet-${short(region)}b`],
  parameterGroup: "odoo-15",
  tags: {},
  ...other,
});

export const regionOf = (
  region: string,
  databases: readonly DatabaseSurvey[],
  other: Partial<RegionSurvey> = {},
): RegionSurvey => ({
  region,
  databases,
  balancers: [],
  machines: [],
  secrets: databases.map(({ id }) => `${id}/sla`),
  groups: [
    {
      id: `sg-${short(region)}`,
      name: "databases",
      description: "",
      vpc: `vpc-${short(region)}`,
      isOpen: true,
    },
    {
      id: `sg-${short(region)}q`,
      name: "quarantine",
      description: "",
      vpc: `vpc-${short(region)}`,
      isOpen: false,
    },
    {
      id: `sg-${short(region)}d`,
      name: "default",
      description: "",
      vpc: `vpc-${short(region)}`,
      isOpen: false,
    },
  ],
  subnets: [
    { id: `subnet-${short(region)}a`, vpc: `vpc-${short(region)}`, zone: `${region}a` },
    { id: `subnet-${short(region)}b`, vpc: `vpc-${short(region)}`, zone: `${region}b` },
  ],
  ...other,
});

export const cname = (
  name: string,
  target: string,
  other: Partial<RecordSurvey> = {},
): RecordSurvey => ({ name, target, ttlSeconds: 60, routing: "simple", ...other });

export const account = (
  regions: readonly RegionSurvey[],
  records: readonly RecordSurvey[] = [],
  other: Partial<Survey> = {},
): Survey => ({
  ...{ at: "2026-11-01T10:00:00.000Z", account: "111111111111", regions, buckets: [], unread: [] },
  zones: [{ id: "Z0123456789ABC", name: "example.ch", records }],
  ...other,
});

/** A primary with its standby, application and names: what `sla adopt` would find at a provider that is nearly there. */
export const COMPLETE = account(
  [
    regionOf(HOME, [database(HOME, "acme-db", { databaseName: "odoo" })], {
      balancers: [{ name: "acme", host: "acme-2.elb.example", tags: {} }],
    }),
    regionOf(AWAY, [database(AWAY, "acme-db-standby", { replicaOf: arnOf(HOME, "acme-db") })], {
      balancers: [{ name: "acme", host: "acme-1.elb.example", tags: {} }],
    }),
    regionOf(THIRD, [], {}),
  ],
  [
    cname("db.acme.example.ch", endpointOf(HOME, "acme-db"), { routing: "failover" }),
    cname("acme.example.ch", "acme-2.elb.example"),
  ],
  { buckets: ["acme-filestore", "logs", "acmeter"] },
);
