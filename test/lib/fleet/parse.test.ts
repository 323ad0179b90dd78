import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it, test } from "vitest";
import { fleetHash } from "../../../lib/fleet/hash.ts";
import { inspectFleet } from "../../../lib/fleet/inspect.ts";
import { parseFleet, readFleet } from "../../../lib/fleet/parse.ts";
import { FleetError } from "../../../lib/fleet/problem.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");
const ORCHARD = "test/fixtures/orchard-fleet.yaml";

/** The example with one piece of text exchanged; the piece must be there. */
function edited(from: string, to: string, text = EXAMPLE): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

function problemsOf(text: string | Uint8Array) {
  try {
    parseFleet(text, "fleet.yaml");
    return [];
  } catch (cause) {
    if (cause instanceof FleetError) return cause.message.split("\n").map((line) => line.trim());
    throw cause;
  }
}

describe("a good fleet", () => {
  const fleet = parseFleet(EXAMPLE, "fleet.yaml");

  it("has its defaults filled in", () => {
    const [, birch, cedar] = fleet.instances;
    expect(birch).toMatchObject({
      failover: "automatic",
      dns: { ttl: 60, stop: "cell" },
      database: { name: "postgres" },
    });
    expect(cedar).not.toHaveProperty("standby");
    expect(fleet.controlTargets).toHaveLength(3);
  });

  it("carries the plans in use and no other", () => {
    expect(Object.keys(fleet.plans)).toEqual(["odoo", "mintsys"]);
  });

  it("survives being stored as JSON", () => {
    expect(JSON.parse(JSON.stringify(fleet))).toEqual(fleet);
  });

  it("keeps control apart from every home and standby", () => {
    for (const { home, standby } of fleet.instances)
      expect([home, standby]).not.toContain(fleet.control);
  });

  it("merges custom plans with what they extend, durations in words included", () => {
    const { cider, windfall } = readFleet(ORCHARD).plans;
    expect(cider?.watch).toEqual({ everySeconds: 20, badRounds: 3, goodRounds: 2 });
    expect(cider?.serverLoss).toEqual({ rpoSeconds: 300, rtoSeconds: 2400, includesDns: true });
    expect(cider).toMatchObject({ name: "cider", multiAz: { required: true, waitSeconds: 180 } });
    expect(windfall?.watch.everySeconds).toBe(60);
    expect(windfall?.serverLoss?.rtoSeconds).toBe(86_400);
  });

  it("takes a promise away by writing nothing", () => {
    const plans = "plans: { bare: { extends: mintsys, siteLoss: null, backups: null } }\n";
    const text = edited("plan: mintsys", "plan: bare", plans + EXAMPLE);
    const { bare } = parseFleet(text, "fleet.yaml").plans;
    expect(bare).not.toHaveProperty("siteLoss");
    expect(bare).not.toHaveProperty("backups");
    expect(bare).toHaveProperty("serverLoss");
  });

  it("lets the lab plan have a TTL of a second", () => {
    const text = edited("plan: mintsys", "plan: lab", edited("ttl: 60", "ttl: 1"));
    expect(parseFleet(text, "fleet.yaml").instances[0]?.dns.ttl).toBe(1);
  });

  it("has a second fixture of seven instances", () => {
    expect(readFleet(ORCHARD).instances).toHaveLength(7);
  });
});

describe("a mistake is told in one line with its place", () => {
  test.for([
    [
      "an unknown key",
      "standby: eu-central-1\n",
      "standbyy: eu-central-1\n",
      /^fleet\.yaml:\d+:5 instances\[0\]\.standbyy: unknown key; did you mean 'standby'\?$/,
    ],
    [
      "an unknown key at the top",
      "control: eu",
      "contrl: eu",
      /contrl: unknown key; did you mean 'control'/,
    ],
    [
      "a missing key",
      "    plan: odoo\n",
      "",
      /instances\[2\]\.plan: is missing: expected the name of a preset/,
    ],
    [
      "an instance that is called like the fleet's report",
      "- id: cedar",
      "- id: index",
      /^fleet\.yaml:\d+:\d+ instances\[2\]\.id: 'index': expected another name: this one is taken by/,
    ],
    [
      "one called like the folder of frozen seals",
      "- id: cedar",
      "- id: seals",
      /'seals': expected/,
    ],
    [
      "one called like a site",
      "- id: cedar",
      "- id: eu-west-1",
      /id: 'eu-west-1': expected another/,
    ],
    ["two vantages", ", eu-south-1]", "]", /vantages: .*expected at least three vantages/],
    [
      "a vantage twice",
      "eu-south-1]",
      "eu-west-1]",
      /vantages\[2\]: 'eu-west-1' is taken by vantages\[0\]/,
    ],
    [
      "a region that does not exist",
      "home: eu-central-2",
      "home: eu-centrl-2",
      /instances\[0\]\.home: 'eu-centrl-2': expected a region.*did you mean 'eu-central-2'/,
    ],
    [
      "a home outside the plan's countries",
      "home: eu-central-2",
      "home: eu-west-3",
      /instances\[0\]\.home: acme is sold mintsys: residency of instances: eu-west-3 \(FR\) lies outside CH, DE/,
    ],
    [
      "a standby outside them",
      "standby: eu-central-1",
      "standby: eu-west-3",
      /instances\[0\]\.standby: .*eu-west-3 \(FR\) lies outside CH, DE/,
    ],
    [
      "a backup outside the plan's places",
      "copies: [eu-central-1, eu-west-1]",
      "copies: [eu-central-1, us-east-1]",
      /instances\[0\]\.copies\[1\]: .*us-east-1 \(US\) lies outside Europe, CA/,
    ],
    [
      "a frozen copy in the provider's own account",
      'frozen: { account: "222222222222"',
      'frozen: { account: "111111111111"',
      /frozen\.account: '111111111111' is the provider's own account: expected another/,
    ],
    [
      "a frozen copy where no copy lies",
      "copies: [eu-central-2, eu-west-1]",
      "copies: [eu-central-2, eu-north-1]",
      /instances\[2\]\.copies: cedar is sold odoo: frozen copy immutable, restorable; name eu-west-1 in copies/,
    ],
    [
      "a frozen copy that thaws too early",
      "retainDays: 120",
      "retainDays: 60",
      /frozen\.retainDays: cedar is sold odoo: frozen copy.*from 60 to at least 92/,
    ],
    [
      "a frozen copy that is locked for a lifetime",
      "retainDays: 120",
      "retainDays: 12000",
      /frozen\.retainDays: '?12000.* from 1 to 3653: what is locked is paid for to the end/,
    ],
    [
      "a frozen copy outside them",
      "region: eu-west-1",
      "region: us-east-1",
      /frozen\.region: cedar is sold odoo.*us-east-1 \(US\)/,
    ],
    [
      "a TTL that breaks the RTO",
      "ttl: 60",
      "ttl: 600",
      /:\d+:12 instances\[0\]\.dns\.ttl: acme is sold mintsys: RTO server loss 30m, this configuration takes 32m 23s; lower dns\.ttl from 600 to at most 456/,
    ],
    [
      "a TTL that resolvers ignore",
      "ttl: 60",
      "ttl: 5",
      /dns\.ttl: 5: expected at least 30 seconds/,
    ],
    [
      "an id twice",
      "id: birch",
      "id: acme",
      /instances\[1\]\.id: 'acme' is taken by instances\[0\]\.id/,
    ],
    [
      "a database twice in a region",
      "primary: birch-db,",
      "primary: acme-db,",
      /instances\[1\]\.database\.primary: 'acme-db' is taken/,
    ],
    [
      "a filestore twice",
      "s3://birch-filestore",
      "s3://acme-filestore/",
      /instances\[1\]\.filestore: 's3:\/\/acme-filestore\/' lies in instances\[0\]\.filestore, 's3:\/\/acme-filestore', whose backups/,
    ],
    [
      "a filestore within another",
      "s3://birch-filestore",
      "s3://cedar-filestore/birch",
      /instances\[1\]\.filestore: 's3:\/\/cedar-filestore\/birch' lies in instances\[2\]\.filestore/,
    ],
    [
      "a filestore in a bucket of ours",
      "s3://birch-filestore",
      "s3://sla-files-111111111111-eu-west-1/files/birch",
      /instances\[1\]\.filestore: .* is a bucket of this product/,
    ],
    [
      "a DNS name twice",
      "database: db.birch.example.ch",
      "database: db.acme.example.ch",
      /instances\[1\]\.dns\.names\.database: 'db.acme.example.ch' is taken/,
    ],
    [
      "a standby at home",
      "standby: eu-central-1",
      "standby: eu-central-2",
      /instances\[0\]\.standby: 'eu-central-2' is the home region too/,
    ],
    [
      "control at a home",
      "control: eu-west-1",
      "control: eu-central-2",
      /control: 'eu-central-2' is home of acme and 1 more/,
    ],
    [
      "control at a standby",
      "control: eu-west-1",
      "control: eu-central-1",
      /control: 'eu-central-1' is standby of acme and 2 more/,
    ],
    [
      "missing networks",
      "  eu-west-1: # Ireland",
      "  eu-west-2: # Ireland",
      /sites\.eu-west-1: is missing: expected the networks.*it is control/,
    ],
    [
      "one subnet",
      "[subnet-1a, subnet-1b]",
      "[subnet-1a]",
      /sites\.eu-central-1\.subnets: .*at least two subnets/,
    ],
    [
      "an unknown plan",
      "plan: odoo",
      "plan: oddo",
      /instances\[2\]\.plan: 'oddo' is no plan; did you mean 'odoo'/,
    ],
    [
      "a plan that needs a standby",
      "plan: odoo",
      "plan: mintsys",
      /instances\[2\]: cedar is sold mintsys: RTO server loss 30m.*add a standby/,
    ],
    [
      "an account that is no account",
      '"111111111111"',
      "111",
      /provider\.account: 111: expected twelve digits in quotes/,
    ],
    [
      "a time zone that is none",
      "Europe/Zurich",
      "Europe/Zueri",
      /provider\.timezone: 'Europe\/Zueri': expected an IANA time zone/,
    ],
    [
      "an address that is none",
      "contact: ops@mintsys.example",
      "contact: ops",
      /provider\.contact: 'ops': expected an e-mail address/,
    ],
    [
      "a URL of another kind",
      "url: https://acme",
      "url: ftp://acme",
      /instances\[0\]\.url: 'ftp:.*expected an http or https URL/,
    ],
    [
      "a duration that is none",
      "ttl: 60",
      "ttl: 60sec",
      /instances\[0\]\.dns\.ttl: '60sec': expected seconds.*or a duration/,
    ],
    [
      "a mode that does not exist",
      "failover: automatic",
      "failover: auto",
      /instances\[0\]\.failover: 'auto': expected one of automatic, approval, alert-only/,
    ],
    [
      "a replica without a region",
      "    standby: eu-central-1\n",
      "",
      /instances\[0\]\.database\.standby: 'acme-db-standby' has no region/,
    ],
    [
      "a standby without a replica",
      "standby: acme-db-standby, ",
      "",
      /instances\[0\]\.database\.standby: is missing: expected the RDS identifier/,
    ],
    [
      "an application without a name",
      ", app: acme.example.ch",
      "",
      /instances\[0\]\.dns\.names\.app: is missing/,
    ],
    [
      "an application where nothing is restored",
      "recovery: { eu-west-1: acme-3.elb.example }",
      "recovery: { eu-north-1: app-9.elb.example }",
      /app\.recovery\.eu-north-1: nothing is restored in 'eu-north-1'/,
    ],
    [
      "a list that is text",
      "vantages: [eu-west-1, eu-north-1, eu-south-1]",
      "vantages: eu-west-1",
      /vantages: 'eu-west-1': expected a list/,
    ],
    [
      "a tab",
      "    plan: mintsys",
      "\tplan: mintsys",
      /^fleet\.yaml:\d+:1 a tab indents here: use spaces$/,
    ],
  ] as const)("%s", ([, from, to, expected]) => {
    expect(problemsOf(edited(from, to))).toContainEqual(expect.stringMatching(expected));
  });

  test.for([
    [
      "a parent that does not exist",
      "{ gold: { extends: mintsis } }",
      /plans\.gold\.extends: 'mintsis' is no plan; did you mean 'mintsys'/,
    ],
    [
      "a circle",
      "{ a: { extends: b }, b: { extends: a } }",
      /plans\.a\.extends: goes in a circle: a → b → a/,
    ],
    ["a preset's name", "{ odoo: { extends: mintsys } }", /plans\.odoo: is the name of a preset/],
    [
      "a standby given up before anybody is warned",
      "{ a: { extends: mintsys, storage: { dropStandbyBelowPercent: 40 } } }",
      /dropStandbyBelowPercent: 40: expected a whole number below warnBelowPercent \(30\).* like 10/,
    ],
    [
      "an incomplete plan",
      "{ gold: { watch: { everySeconds: 30 } } }",
      /plans\.gold\.multiAz: is missing/,
    ],
    [
      "an unknown promise",
      "{ gold: { extends: odoo, serverLos: {} } }",
      /plans\.gold\.serverLos: unknown key; did you mean 'serverLoss'/,
    ],
    [
      "a cadence that fits no minute",
      "{ gold: { extends: odoo, watch: { everySeconds: 45 } } }",
      /plans\.gold\.watch\.everySeconds: 45: expected seconds that divide 60/,
    ],
    [
      "a backup every zero hours",
      "{ gold: { extends: odoo, backups: { schedules: [{ every: 0h }] } } }",
      /plans\.gold\.backups\.schedules\[0\]\.every: '0h': expected a period like 12h/,
    ],
    [
      "thousands of backups at once",
      "{ gold: { extends: odoo, backups: { schedules: [{ every: 1h, keep: 90d }] } } }",
      /schedules\[0\]\.keep: '90d': expected so long that at most 1000 backups are there at once/,
    ],
    [
      "backups kept by age and by number",
      "{ gold: { extends: odoo, backups: { schedules: [{ every: 1h, keep: 24h, keepNewest: 9 }] } } }",
      /schedules\[0\]\.keepNewest: 9: expected left out beside `keep`/,
    ],
    [
      "no number of backups",
      "{ gold: { extends: odoo, backups: { schedules: [{ every: 1h, keepNewest: 0 }] } } }",
      /schedules\[0\]\.keepNewest: 0: expected a whole number from 1 to 1000/,
    ],
    [
      "a country that is none",
      "{ gold: { extends: odoo, residency: { home: [Utopia] } } }",
      /plans\.gold\.residency\.home\[0\]: 'Utopia': expected an ISO country code/,
    ],
  ] as const)("a custom plan with %s", ([, plans, expected]) => {
    expect(problemsOf(`plans: ${plans}\n${EXAMPLE}`)).toContainEqual(
      expect.stringMatching(expected),
    );
  });

  it("a rotation that its schedule cannot keep is shown at the number to change", () => {
    const plans = "plans: { two: { extends: mintsys, backups: { rotation: { perDay: 2 } } } }\n";
    const text = edited("plan: mintsys", "plan: two", plans + EXAMPLE);
    expect(problemsOf(text)).toContainEqual(
      expect.stringMatching(
        /^fleet\.yaml:1:\d+ plans\.two\.backups\.rotation\.perDay: acme is sold two: backups, days: days breaks on .*lower backups\.rotation\.perDay from 2 to 1/,
      ),
    );
  });

  it("a cadence that breaks the RTO is shown in the custom plan", () => {
    const plans = "plans: { slow: { extends: mintsys, watch: { everySeconds: 300 } } }\n";
    const text = edited("plan: mintsys", "plan: slow", plans + EXAMPLE);
    expect(problemsOf(text)).toContainEqual(
      expect.stringMatching(
        /:1:\d+ plans\.slow\.watch\.everySeconds: acme is sold slow: RTO server loss.*lower watch\.everySeconds from 300 to at most 120/,
      ),
    );
  });

  it("tells an inherited mistake once, where it was made", () => {
    const plans = "plans: { odd: { extends: odoo, isolation: none }, heir: { extends: odd } }\n";
    const told = problemsOf(plans + EXAMPLE);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/plans\.odd\.isolation: 'none'/);
  });
});

describe("all mistakes come at once", () => {
  it("in the file's order, one bad key hiding no other", () => {
    const mistakes = [
      ["eu-south-1]", "eu-suth-1]"],
      ["contact: ops@mintsys.example", "contact: ops"],
      ["url: https://acme", "url: ftp://acme"],
      ["standby: eu-central-1", "standby: eu-central-2"],
      ["ttl: 60", "ttl: 6000"],
      ["id: birch", "id: acme"],
      ["plan: odoo", "plan: oddo"],
    ] as const;
    const text = mistakes.reduce((rest, [from, to]) => edited(from, to, rest), EXAMPLE);
    const [header, ...told] = problemsOf(text);
    expect(header).toBe("fleet.yaml: 7 mistakes");
    expect(told.map((line) => line.split(" ")[1])).toEqual([
      "provider.contact:",
      "vantages[2]:",
      "instances[0].url:",
      "instances[0].standby:",
      "instances[0].dns.ttl:",
      "instances[1].id:",
      "instances[2].plan:",
    ]);
  });

  it("tells a copy twice, of one instance only", () => {
    const told = problemsOf(edited("[eu-central-1, eu-west-1]", "[eu-west-1, eu-west-1]"));
    expect(told).toContainEqual(
      expect.stringMatching(/instances\[0\]\.copies\[1\]: 'eu-west-1' is taken/),
    );
  });

  it("does not complain of the consequences of a misspelt standby", () => {
    const told = problemsOf(edited("standby: eu-central-1", "standby: eu-centrl-1"));
    expect(told).toHaveLength(1);
  });

  it("returns a fleet that is sound but promises too much", () => {
    const { fleet, problems } = inspectFleet(edited("ttl: 60", "ttl: 600"), "fleet.yaml");
    expect(fleet?.instances[0]?.dns.ttl).toBe(600);
    expect(problems.map(({ kind }) => kind)).toEqual(["promise"]);
  });
});

describe("what is no fleet file at all", () => {
  const directory = mkdtempSync(join(tmpdir(), "fleet-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    .concat(
      [..."bcdefghi"].map(
        (name, index) => `${name}: &${name} [${`*${"abcdefghi"[index]},`.repeat(9)}]`,
      ),
    )
    .join("\n");

  test.for([
    ["an empty file", "", /is empty; start from/],
    ["nothing but blanks", " \n\n", /is empty/],
    ["binary", Uint8Array.of(0, 1, 2, 3), /is no text in UTF-8/],
    ["broken UTF-8", Uint8Array.of(0xc3, 0x28), /is no text in UTF-8/],
    ["UTF-16", Buffer.from("provider: x", "utf16le"), /is no text in UTF-8/],
    ["an alias bomb", bomb, /aliases .* repeat more than 10000 values/],
    ["a list", "- a\n- b\n", /expected keys with values/],
    ["a word", "hello", /expected keys with values/],
    ["two documents", `${EXAMPLE}\n---\n${EXAMPLE}`, /is no YAML here: /],
    ["a key twice", "control: a\ncontrol: b\n", /fleet\.yaml:2:1 is no YAML here: .*unique/],
    [
      "tabs after spaces",
      "a:\n  b: 1\n  \tc: 2\n",
      /^fleet\.yaml:3:1 a tab indents here: use spaces$/,
    ],
    ["an open bracket", "vantages: [a, b\n", /is no YAML here: /],
    ["a very deep nest", "[".repeat(100_000), /nested too deeply|is no YAML here/],
  ] as const)("%s", ([, input, expected]) => {
    expect(problemsOf(input).join("\n")).toMatch(expected);
  });

  test.for([
    ["a file that is not there", join(directory, "none.yaml"), /none\.yaml:1:1 does not exist/],
    ["a directory", directory, /is a directory: expected a file/],
    ["a path through a file", "package.json/fleet.yaml", /below something that is no directory/],
  ] as const)("%s", ([, path, expected]) => {
    expect(() => readFleet(path)).toThrow(expected);
  });

  it("never fails in any other way, whatever the file says", () => {
    const words = fc.constantFrom(
      "provider",
      "instances",
      "id",
      "plan",
      "__proto__",
      "dns",
      "sites",
      "",
    );
    const anything = fc.object({ key: words, maxDepth: 4, withNullPrototype: false });
    fc.assert(
      fc.property(anything, (value) => {
        expect(problemsOf(JSON.stringify(value)).length).toBeGreaterThan(0);
      }),
    );
  });

  it("never fails in any other way, whatever one value of a good fleet becomes", () => {
    const lines = EXAMPLE.split("\n");
    const garbage = fc.constantFrom(
      "null",
      "[]",
      "{}",
      "-1",
      "'x'",
      "1.5",
      "true",
      "[[{}]]",
      "2026-11-21",
    );
    fc.assert(
      fc.property(fc.nat(lines.length - 1), garbage, (index, value) => {
        const broken = lines.with(index, (lines[index] ?? "").replace(/:(\s.*|)$/, `: ${value}`));
        expect(() => problemsOf(broken.join("\n"))).not.toThrow();
      }),
    );
  });
});

describe("fleetHash", () => {
  const fleet = parseFleet(EXAMPLE, "fleet.yaml");

  it("is 16 hex digits", () => {
    expect(fleetHash(fleet)).toMatch(/^[0-9a-f]{16}$/);
  });

  it("does not depend on the order of keys", () => {
    const reversed = Object.fromEntries(
      Object.entries(fleet).toReversed(),
    ) as unknown as typeof fleet;
    expect(fleetHash(reversed)).toBe(fleetHash(fleet));
  });

  it("depends on every value", () => {
    expect(fleetHash({ ...fleet, control: "eu-west-2" })).not.toBe(fleetHash(fleet));
  });
});
