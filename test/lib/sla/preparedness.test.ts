import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FoundNetwork } from "../../../lib/sla/network-checks.ts";
import { familyOf } from "../../../lib/sla/parameter-family.ts";
import type { Asked, Check } from "../../../lib/sla/prepared-check.ts";
import type { Login } from "../../../lib/sla/prepared-secrets.ts";
import { type Found, judgePreparedness } from "../../../lib/sla/preparedness.ts";
import { recoveryNeeds } from "../../../lib/sla/recovery-needs.ts";
import { firstRoles, promotedRoles } from "../../../lib/sla/roles.ts";
import { alone, fleetOf, instance } from "../../fakes/fleet.ts";
import { lettingIn } from "../../fakes/prepared-world.ts";

const HERE = "eu-west-1";
const HOME = "eu-central-2";
const NAMES = {
  ...{ subnetGroup: "sla-restore", testSecret: "sla/restore", backupKey: "alias/copies" },
  ...{ sqlGroup: "sg-sql", ourGroups: ["sg-sql"] },
};
const SITE = { region: HERE, ...NAMES };
const fleet = fleetOf([
  instance("acme", { copies: [HERE] }),
  alone("dale", { home: HERE }),
  // Nothing of it lies here.
  alone("elm", { home: HOME }),
]);
const roles = new Map(
  fleet.instances.map((each) => [each.id, firstRoles(fleet, each, "2026-11-01T00:00:00.000Z")]),
);
const needs = recoveryNeeds(fleet, roles, SITE);

const siteOf = (region: string) => {
  const site = fleet.sites[region];
  if (!site) throw new Error(`${region} is no site of this fleet`);
  return site;
};
const there = <T>(it: T): Asked<T> => ({ state: "there", it });
const silent = { state: "silent", why: "no answer" } as const;
const missing = { state: "missing" } as const;
const subnets = (...ids: string[]) => ids.map((id) => ({ id, zone: `${HERE}${id.at(-1)}` }));
const SUBNETS = { vpc: "vpc-3", status: "Complete", subnets: subnets("subnet-3a", "subnet-3b") };
const GROUP = { family: "postgres15", values: { max_connections: "500" } };
const LOGIN: Login = {
  here: there({ follows: HOME, replicas: {} }),
  content: there({ is: "login" }),
  origin: { region: HOME, asked: there({ replicas: { [HERE]: "InSync" } }) },
};
const OWN: Login = { here: there({ replicas: {} }), content: there({ is: "login" }) };
const NETWORK: FoundNetwork = {
  service: there(lettingIn("vpc-3", "10.3.0.0/16", "sg-sql")),
  quarantine: there(lettingIn("vpc-3", "sg-sql")),
  subnets: there(SUBNETS.subnets.map((each) => ({ ...each, vpc: "vpc-3" }))),
  homes: new Map([[HOME, there(lettingIn("vpc-2", "10.2.0.0/16", "sg-sql"))]]),
};
const WELL: Found = {
  network: NETWORK,
  subnetGroup: there(SUBNETS),
  parameterGroup: there(GROUP),
  engines: there([{ instance: "acme", version: "15.18" }]),
  standbys: there([]),
  ...{ homes: new Map([[HOME, there(GROUP)]]), others: new Map() },
  keys: new Map([["alias/copies", there({ state: "Enabled" })]]),
  logins: new Map([
    ["acme-db/sla", LOGIN],
    ["dale-db/sla", OWN],
    ["sla/restore", OWN],
  ]),
};

const judged = (changes: Partial<Found>) => judgePreparedness(needs, { ...WELL, ...changes });
const lacksOf = (checks: readonly Check[]) =>
  checks.flatMap(({ kind, about, outcome }) =>
    outcome.is === "lacking" ? [`${kind} ${about}: ${outcome.detail}`] : [],
  );
const login = (changes: Partial<Login>) => ({
  logins: new Map([...WELL.logins, ["acme-db/sla", { ...LOGIN, ...changes }]]),
});

/** Beside them a shop of another engine, copies of whose backups lie here. */
const MIXED = fleetOf([...fleet.instances, instance("shop", { copies: [HERE] }, "mariadb")]);
const MIXED_ROLES = new Map(
  MIXED.instances.map(
    (each) => [each.id, firstRoles(MIXED, each, "2026-11-01T00:00:00.000Z")] as const,
  ),
);
const MIXED_NEEDS = recoveryNeeds(MIXED, MIXED_ROLES, SITE);
const SHOPS = { family: "mariadb10.11", values: { max_connections: "500" } };

describe("another engine than PostgreSQL", () => {
  const shop = (version: string) => ({ instance: "shop", engine: "mariadb", version });
  const acme = { instance: "acme", engine: "postgres", version: "15.18" };
  const mixed = (here: object, engines: readonly object[], home: object = there(SHOPS)) =>
    lacksOf(
      judgePreparedness(MIXED_NEEDS, {
        ...WELL,
        engines: there(engines) as never,
        others: new Map([
          ["mariadb", { parameterGroup: here, homes: new Map([[HOME, home]]) } as never],
        ]),
      }),
    ).filter((line) => line.startsWith("parameter-"));

  it("has nothing lacking where its group is of its version, beside PostgreSQL's", () => {
    expect(mixed(there(SHOPS), [acme, shop("10.11.6")])).toEqual([]);
    expect(mixed(there({ ...SHOPS, family: "mariadb11.4" }), [shop("11.4.2")])).toEqual([]);
  });

  it("is judged by two numbers, each engine by its own group", () => {
    expect(mixed(there(SHOPS), [acme, shop("10.6.18")])).toEqual([
      "parameter-family shops-10-11: it is of mariadb10.11, and shop needs mariadb10.6",
    ]);
    expect(mixed(there(SHOPS), [{ ...acme, version: "16.2" }, shop("10.11.6")])).toEqual([
      "parameter-family odoo-15: it is of postgres15, and acme needs postgres16",
    ]);
  });

  it("misses its group, and values that it has at home", () => {
    expect(mixed({ state: "missing" }, [])).toEqual([
      "parameter-group shops-10-11: it is not there",
    ]);
    expect(mixed(there({ ...SHOPS, values: { max_connections: "90" } }), [])).toEqual([
      "parameter-values shops-10-11 of eu-central-2: max_connections is 90, in eu-central-2 500",
    ]);
  });

  it("is unknown while nobody says what its group holds", () => {
    const silence = { state: "silent", why: "no answer" };
    const checks = judgePreparedness(MIXED_NEEDS, {
      ...WELL,
      others: new Map([["mariadb", { parameterGroup: silence, homes: new Map() } as never]]),
    });
    const unknown = checks.filter(({ outcome }) => outcome.is === "unknown");
    expect(unknown.map(({ kind, about }) => `${kind} ${about}`)).toEqual([
      "parameter-group shops-10-11",
      "parameter-family shops-10-11",
      "parameter-values shops-10-11 of eu-central-2",
    ]);
  });
});

describe("what a recovery needs in a region", () => {
  it("is of the instances that lie there now, or of which copies do", () => {
    expect(needs).toEqual({
      ...{ region: HERE, vpc: "vpc-3", subnets: ["subnet-3a", "subnet-3b"] },
      ...{ subnetGroup: "sla-restore", parameterGroup: "odoo-15", others: [] },
      homes: [{ region: HOME, parameterGroup: "odoo-15", securityGroup: "sg-2", unlike: [] }],
      ...{ securityGroup: "sg-3", quarantineGroup: "sg-3q", ports: [5432] },
      ...{ sqlGroup: "sg-sql", ourGroups: ["sg-sql"] },
      databases: new Map([["dale-db", "dale"]]),
      standbys: [],
      secrets: [
        { name: "acme-db/sla", home: HOME },
        { name: "dale-db/sla" },
        { name: "sla/restore" },
      ],
      keys: ["alias/copies"],
    });
  });

  it("is compared with where the primary is now", () => {
    const acme = roles.get("acme");
    if (!acme) throw new Error("acme has no roles");
    const moved = promotedRoles(acme, HERE, "2026-11-20T00:00:00.000Z", "a failover");
    const after = recoveryNeeds(fleet, new Map([...roles, ["acme", moved]]), SITE);
    expect(after.homes.map(({ region }) => region)).toEqual(["eu-central-1"]);
    expect(after.secrets[0]).toEqual({ name: "acme-db/sla", home: "eu-central-1" });
  });

  it("has every login, each once", () => {
    const shared = { secret: "shared", logins: ["acme-db/app"], primary: "p", name: "postgres" };
    const two = fleetOf([
      instance("acme", { copies: [HERE], database: shared }),
      instance("birch", { copies: [HERE], database: shared }),
    ]);
    const names = recoveryNeeds(two, new Map(), SITE).secrets.map(({ name }) => name);
    expect(names).toEqual(["shared", "acme-db/app", "sla/restore"]);
  });

  it("has a parameter group of each engine, compared with where its primaries are", () => {
    const { others, databases } = recoveryNeeds(MIXED, MIXED_ROLES, SITE);
    expect(others).toEqual([
      {
        ...{ engine: "mariadb", parameterGroup: "shops-10-11" },
        homes: [{ region: HOME, parameterGroup: "shops-10-11", unlike: [] }],
      },
    ]);
    expect([...databases]).toEqual([["dale-db", "dale"]]);
  });

  it("is not asked for where no site is", () => {
    expect(() => recoveryNeeds(fleet, roles, { ...SITE, region: "mars" })).toThrow(/no site/);
  });
});

describe("a region in which all is as it was prepared", () => {
  it("lacks nothing, and everything was looked at", () => {
    const checks = judged({});
    expect(lacksOf(checks)).toEqual([]);
    expect(checks.map(({ kind, about }) => `${kind} ${about}`)).toEqual([
      "subnet-group sla-restore",
      "parameter-group odoo-15",
      "parameter-family odoo-15",
      "parameter-values odoo-15 of eu-central-2",
      "subnets vpc-3",
      "security-group sg-3",
      "security-group-rules sg-2 of eu-central-2",
      "quarantine-group sg-3q",
      "key alias/copies",
      "secret acme-db/sla",
      "secret-copy acme-db/sla",
      "secret dale-db/sla",
      "secret sla/restore",
    ]);
  });
});

type Drift = readonly [what: string, changes: Partial<Found>, lacks: readonly string[]];
const values = (values: Record<string, string>) => there({ ...GROUP, values });
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, "1"]));

const GROUPS: readonly Drift[] = [
  ["no subnet group", { subnetGroup: missing }, ["subnet-group sla-restore: it is not there"]],
  [
    "a subnet group of other subnets",
    { subnetGroup: there({ ...SUBNETS, subnets: subnets("subnet-3a", "subnet-9c") }) },
    ["subnet-group sla-restore: it lacks subnet-3b; the fleet does not name subnet-9c"],
  ],
  [
    "a subnet group in another network",
    { subnetGroup: there({ ...SUBNETS, vpc: "vpc-9" }) },
    ["subnet-group sla-restore: it is in vpc-9, not in vpc-3"],
  ],
  [
    "subnets that all came to lie in one zone",
    {
      subnetGroup: there({
        ...SUBNETS,
        subnets: SUBNETS.subnets.map((each) => ({ ...each, zone: "eu-west-1a" })),
      }),
    },
    ["subnet-group sla-restore: it is in one zone only: eu-west-1a"],
  ],
  [
    "a subnet group that RDS finds incomplete",
    { subnetGroup: there({ ...SUBNETS, status: "Incomplete" }) },
    ["subnet-group sla-restore: RDS calls it 'Incomplete'"],
  ],
  [
    "a key that is not there",
    { keys: new Map([["alias/copies", missing]]) },
    ["key alias/copies: it is not there"],
  ],
  [
    "a key that somebody has disabled, and one that waits for its end",
    {
      keys: new Map([
        ["alias/copies", there({ state: "Disabled" })],
        ["arn:k", there({ state: "PendingDeletion", deletedAt: "2026-12-01T00:00:00.000Z" })],
      ]),
    },
    [
      "key alias/copies: KMS calls it 'Disabled'",
      "key arn:k: KMS calls it 'PendingDeletion', and deletes it 2026-12-01T00:00:00.000Z",
    ],
  ],
  ["no parameter group", { parameterGroup: missing }, ["parameter-group odoo-15: it is not there"]],
  [
    "backups of a newer major version",
    {
      engines: there([
        { instance: "acme", version: "16.4" },
        { instance: "dale", version: "15.18" },
      ]),
    },
    ["parameter-family odoo-15: it is of postgres15, and acme needs postgres16"],
  ],
  [
    "parameters that were set at home only, here only, or otherwise",
    {
      parameterGroup: values({ max_connections: "100", work_mem: "8192" }),
      homes: new Map([[HOME, values({ max_connections: "500", jit: "0" })]]),
    },
    [
      "parameter-values odoo-15 of eu-central-2: jit is the default, in eu-central-2 0, max_connections is 100, in eu-central-2 500, work_mem is 8192, in eu-central-2 the default",
    ],
  ],
  [
    "more parameters than a line names",
    { parameterGroup: values(many(7)), homes: new Map([[HOME, values({})]]) },
    [expect.stringMatching(/p4 is 1, in eu-central-2 the default and 2 more$/)],
  ],
];

const SECRETS: readonly Drift[] = [
  ["a secret that is gone", login({ here: missing }), ["secret acme-db/sla: it is not there"]],
  [
    "a secret that waits for its deletion",
    login({ here: there({ deletedAt: "2026-11-21T00:00:00.000Z", follows: HOME, replicas: {} }) }),
    ["secret acme-db/sla: it waits for its deletion"],
  ],
  [
    "a secret that is no login",
    login({ content: there({ is: "malformed" }) }),
    ['secret acme-db/sla: it is not {"username": "…", "password": "…"}'],
  ],
  ["a secret of no value", login({ content: missing }), ["secret acme-db/sla: it has no value"]],
  [
    "a secret whose key is gone",
    login({ content: there({ is: "closed", why: "DecryptionFailure" }) }),
    ["secret acme-db/sla: it cannot be opened: DecryptionFailure"],
  ],
  [
    "a replica that has failed",
    login({
      origin: { region: HOME, asked: there({ replicas: { [HERE]: "Failed, no such key" } }) },
    }),
    ["secret-copy acme-db/sla: it does not follow the one in eu-central-2: Failed, no such key"],
  ],
  [
    "a replica that its home does not know",
    login({ origin: { region: HOME, asked: there({ replicas: {} }) } }),
    ["secret-copy acme-db/sla: the one in eu-central-2 says nothing of this replica"],
  ],
  [
    "a secret that follows nobody while its home was changed",
    login({
      here: there({ changedAt: "2026-11-01T00:00:00.000Z", replicas: {} }),
      origin: {
        region: HOME,
        asked: there({ changedAt: "2026-11-20T00:00:00.000Z", replicas: {} }),
      },
    }),
    [
      "secret-copy acme-db/sla: the one in eu-central-2 was changed 2026-11-20T00:00:00.000Z, this one last 2026-11-01T00:00:00.000Z, and it is no replica",
    ],
  ],
];

describe("a drift", () => {
  it.each([...GROUPS, ...SECRETS])("is found: %s", (_what, changes, lacks) => {
    expect(lacksOf(judged(changes))).toEqual(lacks);
  });

  const at = (hour: string) => there({ changedAt: `2026-11-20T${hour}:00.000Z`, replicas: {} });
  it.each([
    [
      "a group at home of another version",
      { homes: new Map([[HOME, there({ family: "postgres16", values: {} })]]) },
    ],
    ["a group that its own site misses", { homes: new Map([[HOME, missing]]) }],
    [
      "a secret being copied",
      login({ origin: { region: HOME, asked: there({ replicas: { [HERE]: "InProgress" } }) } }),
    ],
    [
      "a secret changed by hand in both places",
      login({ here: at("10:00"), origin: { region: HOME, asked: at("10:59") } }),
    ],
    [
      "a secret that others follow",
      login({
        here: at("10:00"),
        origin: {
          region: HOME,
          asked: there({ changedAt: "2026-11-21T00:00:00.000Z", follows: HERE, replicas: {} }),
        },
      }),
    ],
    [
      "a secret that is gone at home",
      login({ here: at("10:00"), origin: { region: HOME, asked: missing } }),
    ],
  ] satisfies readonly (readonly [string, Partial<Found>])[])("is not: %s", (_what, changes) => {
    expect(lacksOf(judged(changes))).toEqual([]);
  });
});

describe("who says nothing", () => {
  it.each([
    ["subnets", { subnetGroup: silent }, [HERE]],
    ["the parameter group, and what rests on it", { parameterGroup: silent }, [HERE, HERE, HERE]],
    ["versions", { engines: silent }, [HERE]],
    ["the parameters at home", { homes: new Map([[HOME, silent]]) }, [HOME]],
    ["a secret", login({ here: silent }), [HERE]],
    ["what is in a secret", login({ content: silent }), [HERE]],
    ["the home of a secret", login({ origin: { region: HOME, asked: silent } }), [HOME]],
  ] satisfies readonly (readonly [string, Partial<Found>, readonly string[]])[])(
    "is neither well nor wrong: %s",
    (_what, changes, regions) => {
      const checks = judged(changes);
      expect(lacksOf(checks)).toEqual([]);
      const unknown = checks.flatMap(({ outcome }) =>
        outcome.is === "unknown" ? [outcome.region] : [],
      );
      expect(unknown).toEqual(regions);
    },
  );
});

describe("a standby", () => {
  const STANDBY = "eu-central-1";
  const inSite = recoveryNeeds(fleet, roles, { ...SITE, region: STANDBY });
  const lacking = (standbys: Found["standbys"]) =>
    lacksOf(judgePreparedness(inSite, { ...WELL, standbys })).filter((line) =>
      line.startsWith("standby-backups"),
    );

  it("without backups of its own is told while it can be mended without an outage", () => {
    expect(inSite.standbys).toEqual(["acme-db-standby"]);
    expect(lacking(there([{ database: "acme-db-standby", retentionDays: 0 }]))).toEqual([
      "standby-backups acme-db-standby: it keeps none, so once it has taken over nothing could stand by for it",
    ]);
  });

  it.each([
    ["that keeps some", there([{ database: "acme-db-standby", retentionDays: 1 }])],
    ["that is not there, which others tell", there([])],
    ["nobody says anything of", silent],
  ])("%s is not accused", (_which, standbys) => {
    expect(lacking(standbys)).toEqual([]);
  });

  it("of whoever has left is nobody's need", () => {
    const acme = roles.get("acme");
    if (!acme) throw new Error("acme has no roles");
    const left = new Map([...roles, ["acme", { ...acme, leftAt: "2026-11-02T00:00:00.000Z" }]]);
    expect(recoveryNeeds(fleet, left, { ...SITE, region: STANDBY }).standbys).toEqual([]);
  });
});

describe("parameters", () => {
  const anyValues = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.constantFrom("0", "1"));

  it("differ in both directions or in none", () => {
    fc.assert(
      fc.property(anyValues, anyValues, (here, home) => {
        const differs = (one: Record<string, string>, other: Record<string, string>) =>
          lacksOf(judged({ parameterGroup: values(one), homes: new Map([[HOME, values(other)]]) }))
            .length > 0;
        const same = ["a", "b", "c", "d"].every((name) => here[name] === home[name]);
        expect([differs(here, home), differs(home, here)]).toEqual([!same, !same]);
      }),
    );
  });

  it("differ on purpose where either site says so, and are compared otherwise", () => {
    const differing = {
      parameterGroup: values({ max_connections: "100", work_mem: "8192", jit: "0" }),
      homes: new Map([[HOME, values({ max_connections: "500" })]]),
    };
    const own = (region: string, ownParameters: readonly string[]) => ({
      [region]: { ...siteOf(region), ownParameters },
    });
    const sites = { ...fleet.sites, ...own(HERE, ["work_mem"]), ...own(HOME, ["jit"]) };
    const asked = recoveryNeeds({ ...fleet, sites }, roles, SITE);
    expect(lacksOf(judgePreparedness(asked, { ...WELL, ...differing }))).toEqual([
      "parameter-values odoo-15 of eu-central-2: max_connections is 100, in eu-central-2 500",
    ]);
  });

  it.each([
    ["15.18", "postgres15"],
    ["15", "postgres15"],
    ["9.6.24", "postgres9.6"],
    ["10.1", "postgres10"],
  ])("of version %s are of the family %s", (version, family) => {
    expect(familyOf(version)).toBe(family);
  });
});
