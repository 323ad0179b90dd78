import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseFleet } from "../../../../lib/fleet/parse.ts";
import { plainOf, questionsOf } from "../../../../lib/operator/adopt/draft.ts";
import { draftYaml } from "../../../../lib/operator/adopt/draft-yaml.ts";
import { propose } from "../../../../lib/operator/adopt/propose.ts";
import type { Survey } from "../../../../lib/operator/adopt/survey.ts";
import {
  AWAY,
  account,
  arnOf,
  COMPLETE,
  cname,
  database,
  endpointOf,
  HOME,
  regionOf,
  short,
  THIRD,
} from "./accounts.ts";

// biome-ignore lint/suspicious/noExplicitAny: a draft has holes wherever something is asked.
const drafted = (survey: Survey): any => plainOf(propose(survey).fleet);
const instancesOf = (survey: Survey) => drafted(survey).instances;
const asked = (survey: Survey) => questionsOf(propose(survey).fleet).map(({ path }) => path);

describe("a proposal", () => {
  it("says what the account shows", () => {
    expect(drafted(COMPLETE)).toMatchObject({
      provider: { account: "111111111111", name: null, contact: null, timezone: null },
      sites: {
        [HOME]: {
          vpc: `vpc-${short(HOME)}`,
          subnets: [`subnet-${short(HOME)}a`, `subnet-${short(HOME)}b`],
          securityGroup: `sg-${short(HOME)}`,
          quarantineGroup: `sg-${short(HOME)}q`,
          parameterGroup: "odoo-15",
        },
        [AWAY]: { vpc: `vpc-${short(AWAY)}` },
        [THIRD]: { vpc: `vpc-${short(THIRD)}` },
      },
      instances: [
        {
          id: "acme",
          url: "https://acme.example.ch/",
          home: HOME,
          standby: AWAY,
          database: {
            primary: "acme-db",
            standby: "acme-db-standby",
            secret: "acme-db/sla",
            name: "odoo",
          },
          app: { home: "acme-2.elb.example", standby: "acme-1.elb.example" },
          dns: {
            zone: "Z0123456789ABC",
            names: { database: "db.acme.example.ch", app: "acme.example.ch" },
            ttl: 60,
          },
          filestore: "s3://acme-filestore",
        },
      ],
    });
  });

  it("makes up no promise, no copies, nobody to tell, and no failover by itself", () => {
    expect(instancesOf(COMPLETE)).toMatchObject([
      { plan: null, copies: [], contacts: [], failover: "alert-only" },
    ]);
    expect(asked(COMPLETE)).toEqual([
      "provider.name",
      "provider.contact",
      "provider.timezone",
      "vantages",
      "control",
      `sites.${THIRD}.securityGroup`,
      `sites.${THIRD}.parameterGroup`,
      "instances[acme].plan",
      "instances[acme].url",
      "instances[acme].copies",
      "instances[acme].filestore",
      "instances[acme].contacts",
    ]);
  });

  it("is a fleet once what is asked is answered", () => {
    const draft = drafted(COMPLETE);
    const third = { ...draft.sites[THIRD], securityGroup: "sg-3", parameterGroup: "p" };
    const answered = {
      ...draft,
      provider: { ...draft.provider, name: "M", contact: "a@b.example", timezone: "Europe/Zurich" },
      sites: { ...draft.sites, [THIRD]: third },
      instances: draft.instances.map((each: object) => ({ ...each, plan: "lab" })),
    };
    const text = JSON.stringify(answered);
    const fleet = parseFleet(text, "fleet.yaml");
    expect(fleet.instances).toMatchObject([{ id: "acme", home: HOME, standby: AWAY }]);
  });

  it("asks for a name where applications use the endpoint", () => {
    const survey = account([regionOf(HOME, [database(HOME, "acme-db")])]);
    expect(instancesOf(survey)).toMatchObject([{ url: null, dns: { names: { database: null } } }]);
    const [question] = questionsOf(propose(survey).fleet).filter(({ path }) =>
      path.endsWith("names.database"),
    );
    expect(question?.question).toContain(endpointOf(HOME, "acme-db"));
  });

  it("guesses no application where two may be meant", () => {
    const two = ["one", "two"].map((name) => ({
      name,
      host: `${name}.elb`,
      tags: { customer: "a" },
    }));
    const survey = account(
      [regionOf(HOME, [database(HOME, "x-db", { tags: { customer: "a" } })], { balancers: two })],
      [cname("shop.example.ch", "one.elb"), cname("blog.example.ch", "two.elb")],
    );
    expect(instancesOf(survey)[0]).not.toHaveProperty("app");
    const one = {
      ...survey,
      zones: survey.zones.map((zone) => ({ ...zone, records: zone.records.slice(0, 1) })),
    };
    expect(instancesOf(one)[0]).toMatchObject({ app: { home: "one.elb" } });
  });

  it.each([
    [
      "by a word of its name",
      {},
      [
        ["i-1", "acme web"],
        ["i-2", "acmeter"],
      ],
      "Name=acme web",
    ],
    [
      "by a tag that both carry",
      { customer: "a" },
      [
        ["i-1", "web", "a"],
        ["i-2", "web"],
      ],
      "i-1",
    ],
    [
      "not where two may be meant",
      {},
      [
        ["i-1", "acme-1"],
        ["i-2", "acme-2"],
      ],
      undefined,
    ],
    ["not where none is told", {}, [["i-1", "web"]], undefined],
  ] as const)("names its machine %s", (_how, tags, there, value) => {
    const machines = there.map(([id, Name, customer = ""]) => ({ id, tags: { Name, customer } }));
    const survey = account([regionOf(HOME, [database(HOME, "acme-db", { tags })], { machines })]);
    const [proposed] = instancesOf(survey);
    if (value === undefined) expect(proposed).not.toHaveProperty("machines");
    else expect(proposed).toMatchObject({ machines: { [HOME]: value } });
    const asked = questionsOf(propose(survey).fleet).map(({ path }) => path);
    expect(asked.some((path) => path.endsWith(`machines.${HOME}`))).toBe(value !== undefined);
  });

  it.each([
    [
      "the only one that nobody passes",
      [
        ["a", "", false],
        ["b", "", true],
      ],
      "sg-a",
    ],
    [
      "the one that says so, though it has rules",
      [
        ["a", "", false],
        ["b", "fenced", true],
      ],
      "sg-b",
    ],
    [
      "none of two",
      [
        ["a", "", false],
        ["b", "", false],
      ],
      null,
    ],
    ["none where all are open", [["a", "", true]], null],
  ] as const)("takes for the quarantine group %s", (_name, groups, expected) => {
    const region = regionOf(HOME, [database(HOME, "acme-db")]);
    const [own] = region.groups;
    const vpc = own?.vpc ?? "";
    const others = groups.map(([id, description, isOpen]) => {
      return { id: `sg-${id}`, name: id, description, vpc, isOpen };
    });
    const survey = account([{ ...region, groups: [...(own ? [own] : []), ...others] }]);
    expect(drafted(survey).sites[HOME].quarantineGroup).toBe(expected);
  });

  it("leaves out what it cannot keep, and says why", () => {
    const survey = account([
      regionOf(HOME, [
        database(HOME, "acme-db"),
        database(HOME, "acme-near", { replicaOf: "acme-db" }),
        database(HOME, "shop", { engine: "sqlserver-se" }),
        database(HOME, "big-1", { engine: "aurora-postgresql", cluster: "big" }),
        database(HOME, "tested", { tags: { "sla:test": "1" } }),
        database(HOME, "orphan", { replicaOf: arnOf("us-east-1", "far-db") }),
      ]),
      regionOf(AWAY, [
        database(AWAY, "acme-far", { replicaOf: arnOf(HOME, "acme-db") }),
        database(AWAY, "acme-further", { replicaOf: arnOf(HOME, "acme-db") }),
      ]),
    ]);
    expect(instancesOf(survey)).toMatchObject([{ database: { standby: "acme-far" } }]);
    expect(propose(survey).skipped.map(({ database: id, because }) => [id, because])).toEqual([
      ["big-1", expect.stringContaining("cluster big")],
      [
        "shop",
        expect.stringContaining("sqlserver-se: kept are instances of PostgreSQL, MariaDB, MySQL"),
      ],
      ["tested", expect.stringContaining("sla:test")],
      ["acme-further", expect.stringContaining("has a standby already")],
      ["acme-near", expect.stringContaining("same region")],
      ["orphan", expect.stringContaining("was not seen")],
    ]);
  });

  it("gives every instance an id of its own", () => {
    const long = `customer-${"x".repeat(50)}`;
    const survey = account([
      regionOf(HOME, [
        database(HOME, "acme-db"),
        database(HOME, "acme"),
        database(HOME, "db"),
        database(HOME, long),
      ]),
      regionOf(AWAY, [database(AWAY, "acme-db"), database(AWAY, long)]),
    ]);
    const ids = instancesOf(survey).map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(6);
    expect(ids).toEqual(expect.arrayContaining(["acme", "acme-2", "acme-3", "db"]));
    for (const id of ids) expect(id).toMatch(/^(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });
});

describe("what is in the way of a promise", () => {
  const remarksOf = (survey: Survey) => {
    const entry = propose(survey).fleet.entries.find(([key]) => key === "instances")?.[1];
    return entry?.kind === "list" ? (entry.sections[0]?.remarks ?? []).join("\n") : "";
  };

  it("is nothing where all is well", () => expect(remarksOf(COMPLETE)).toBe(""));

  it.each([
    ["no backups", { retentionDays: 0 }, /backups are off.*--backup-retention-period 7/s],
    ["a managed secret", { hasManagedSecret: true }, /--no-manage-master-user-password/],
    ["no encryption", { encrypted: false }, /not encrypted/],
    ["no protection", { deletionProtection: false }, /--deletion-protection/],
    ["an old version", { version: "13.9" }, /PostgreSQL 13.9/],
    ["another state", { status: "upgrading" }, /upgrading/],
  ])("is told with the command that mends it: %s", (_name, other, words) => {
    expect(remarksOf(account([regionOf(HOME, [database(HOME, "acme-db", other)])]))).toMatch(words);
  });

  it.each(["14.1", "15.8", "16"])("is not PostgreSQL %s", (version) => {
    const survey = account([regionOf(HOME, [database(HOME, "acme-db", { version })])]);
    expect(remarksOf(survey)).toBe("");
  });

  it("is a standby without backups, and a name that resolvers keep for long", () => {
    const survey = account(
      [
        regionOf(HOME, [database(HOME, "acme-db")]),
        regionOf(AWAY, [
          database(AWAY, "acme-far", { replicaOf: arnOf(HOME, "acme-db"), retentionDays: 0 }),
        ]),
      ],
      [cname("db.acme.example.ch", endpointOf(HOME, "acme-db"), { ttlSeconds: 5400 })],
    );
    expect(remarksOf(survey)).toMatch(/acme-far keeps no backups.*--region eu-central-1/s);
    expect(remarksOf(survey)).toMatch(/db\.acme\.example\.ch for 5400 s.*wait 2 h/s);
  });
});

describe("its file", () => {
  const text = draftYaml(
    propose(COMPLETE).fleet,
    ["Proposed.", "", "  npx sla check"],
    ["Left out:"],
  );

  it("says the same as the proposal", () => expect(parse(text)).toEqual(drafted(COMPLETE)));

  it("marks what is asked, and fits a terminal but for commands", () => {
    expect(text).toMatch(/^ {4}plan: # \? what was sold$/m);
    expect(text).toMatch(/^# Proposed\.\n\n#? ? {2}/m);
    const wide = text
      .split("\n")
      .filter((line) => line.length > 80 && !line.includes("aws --region"));
    expect(wide).toEqual([]);
  });

  it("lets no name of the account end a comment", () => {
    const evil = account([
      regionOf(HOME, [database(HOME, "acme-db", { status: "odd\ninstances: []\r\u2028x" })]),
    ]);
    const written = draftYaml(propose(evil).fleet, [], []);
    expect(parse(written)).toEqual(drafted(evil));
  });
});
