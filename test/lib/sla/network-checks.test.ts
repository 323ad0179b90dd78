import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IngressRule, Peer, SecurityGroup } from "../../../lib/sla/ingress.ts";
import { type FoundNetwork, judgeNetwork } from "../../../lib/sla/network-checks.ts";
import type { Asked } from "../../../lib/sla/prepared-check.ts";
import { recoveryNeeds } from "../../../lib/sla/recovery-needs.ts";
import { firstRoles } from "../../../lib/sla/roles.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";

const HERE = "eu-west-1";
const HOME = "eu-central-2";
const SQL = "sg-sql";
const fleet = fleetOf([instance("acme", { copies: [HERE] })]);
const roles = new Map(
  fleet.instances.map((each) => [each.id, firstRoles(fleet, each, "2026-11-01T00:00:00.000Z")]),
);
const needs = recoveryNeeds(fleet, roles, {
  ...{ region: HERE, subnetGroup: "sla-restore", testSecret: "sla/restore", backupKey: "alias/k" },
  ...{ sqlGroup: SQL, ourGroups: [SQL, "sg-dumps"] },
});

const there = <T>(it: T): Asked<T> => ({ state: "there", it });
const silent = { state: "silent", why: "no answer" } as const;
const missing = { state: "missing" } as const;
const peer = (name: string): Peer => {
  const kind = name.startsWith("sg-") ? "group" : "network";
  return { kind: name.startsWith("pl-") ? "list" : kind, name };
};
const rule = (protocol: string, from: number, to: number, ...names: string[]): IngressRule => ({
  ...{ protocol, ports: { from, to }, peers: names.map(peer) },
});
const postgres = (...names: string[]) => rule("tcp", 5432, 5432, ...names);
const everyPort = (...names: string[]): IngressRule => ({
  ...{ protocol: "-1", peers: names.map(peer) },
});
const group = (...ingress: IngressRule[]): Asked<SecurityGroup> => there({ vpc: "vpc-3", ingress });
const subnet = (id: string, zone = `${HERE}${id.at(-1)}`, vpc = "vpc-3") => ({ id, vpc, zone });

const WELL: FoundNetwork = {
  service: group(postgres("10.3.0.0/16", SQL)),
  quarantine: group(postgres(SQL, "sg-dumps")),
  subnets: there([subnet("subnet-3a"), subnet("subnet-3b")]),
  homes: new Map([[HOME, group(postgres("10.2.0.0/16"), postgres("sg-sql-at-home"))]]),
};
const lacks = (changes: Partial<FoundNetwork>) =>
  judgeNetwork(needs, { ...WELL, ...changes }).flatMap(({ kind, about, outcome }) =>
    outcome.is === "lacking" ? [`${kind} ${about}: ${outcome.detail}`] : [],
  );
const withHome = (home: Asked<SecurityGroup>) => ({ homes: new Map([[HOME, home]]) });

type Drift = readonly [what: string, changes: Partial<FoundNetwork>, lacks: readonly string[]];
const OPEN = "what is fenced with it can still be written to";

const DRIFTS: readonly Drift[] = [
  ["nothing amiss", {}, []],
  ["a group that is gone", { service: missing }, ["security-group sg-3: it is not there"]],
  [
    "a group in another network",
    { service: there({ vpc: "vpc-9", ingress: [postgres("10.3.0.0/16", SQL)] }) },
    ["security-group sg-3: it is in vpc-9, not in vpc-3"],
  ],
  [
    "a group that lets in our own functions only",
    { service: group(postgres(SQL)), ...withHome(group(postgres(SQL))) },
    ["security-group sg-3: no application is let in on port 5432"],
  ],
  [
    "a group whose rules somebody has taken away",
    { service: group() },
    [
      "security-group sg-3: our own functions, sg-sql, are not let in; no application is let in on port 5432",
      "security-group-rules sg-2 of eu-central-2: it lets in nobody; in eu-central-2 1 group and 1 network on tcp 5432",
    ],
  ],
  [
    "a group that lets in fewer than the one at home",
    withHome(group(postgres("10.2.0.0/16", "10.9.0.0/16", "sg-a", "pl-1"))),
    [
      "security-group-rules sg-2 of eu-central-2: it lets in 1 group and 1 network on tcp 5432; in eu-central-2 1 group and 1 prefix list and 2 networks on tcp 5432",
    ],
  ],
  [
    "a group that lets in the world, unlike the one at home",
    { service: group(postgres("0.0.0.0/0", SQL)) },
    [
      "security-group-rules sg-2 of eu-central-2: it lets in everybody and 1 group on tcp 5432; in eu-central-2 1 group and 1 network on tcp 5432",
    ],
  ],
  [
    "a group that lets in as many by every port",
    { service: group(everyPort("10.3.0.0/16", SQL)) },
    [
      "security-group-rules sg-2 of eu-central-2: it lets in 1 group and 1 network on every port; in eu-central-2 1 group and 1 network on tcp 5432",
    ],
  ],
  [
    "rules for other ports, which no database has",
    { service: group(postgres("10.3.0.0/16", SQL), rule("tcp", 22, 22, "10.3.0.0/16")) },
    [],
  ],
  ["a group that is gone at home, which home tells", withHome(missing), []],
  [
    "a quarantine that is gone",
    { quarantine: missing },
    ["quarantine-group sg-3q: it is not there"],
  ],
  [
    "a quarantine in another network",
    { quarantine: there({ vpc: "vpc-9", ingress: [postgres(SQL)] }) },
    ["quarantine-group sg-3q: it is in vpc-9, not in vpc-3"],
  ],
  [
    "a quarantine that is open to the world",
    { quarantine: group(postgres(SQL), postgres("0.0.0.0/0")) },
    [`quarantine-group sg-3q: it lets in 0.0.0.0/0 on tcp 5432: ${OPEN}`],
  ],
  [
    "a quarantine that lets in a network, a group and a list",
    { quarantine: group(postgres(SQL, "10.3.0.0/16", "sg-app"), everyPort("pl-1")) },
    [
      `quarantine-group sg-3q: it lets in 10.3.0.0/16 on tcp 5432, sg-app on tcp 5432, pl-1 on every port: ${OPEN}`,
    ],
  ],
  [
    "a quarantine whose members reach each other",
    { quarantine: group(postgres(SQL, "sg-3q")) },
    [`quarantine-group sg-3q: it lets in sg-3q on tcp 5432: ${OPEN}`],
  ],
  [
    "a quarantine that forgot our own function",
    { quarantine: group(postgres("sg-dumps")) },
    ["quarantine-group sg-3q: our own functions, sg-sql, are not let in: no session can be ended"],
  ],
  [
    "a quarantine that lets our own function in at another port",
    { quarantine: group(rule("udp", 5432, 5432, SQL), rule("tcp", 1, 5431, SQL)) },
    ["quarantine-group sg-3q: our own functions, sg-sql, are not let in: no session can be ended"],
  ],
  [
    "a subnet that is gone",
    { subnets: there([subnet("subnet-3a")]) },
    ["subnets vpc-3: subnet-3b: not there"],
  ],
  [
    "a subnet of another network",
    { subnets: there([subnet("subnet-3a"), subnet("subnet-3b", `${HERE}b`, "vpc-9")]) },
    ["subnets vpc-3: subnet-3b is in vpc-9"],
  ],
  [
    "subnets of one zone",
    { subnets: there([subnet("subnet-3a"), subnet("subnet-3b", `${HERE}a`)]) },
    ["subnets vpc-3: they are in one zone only: eu-west-1a"],
  ],
];

describe("the network of a region", () => {
  it.for(DRIFTS)("with %s", ([, changes, expected]) => {
    expect(lacks(changes)).toEqual(expected);
  });

  it("is unknown while nobody says how it is, and then lacks nothing", () => {
    const checks = judgeNetwork(needs, {
      ...{ service: silent, quarantine: silent, subnets: silent, homes: new Map() },
    });
    expect(checks.map(({ outcome }) => outcome)).toEqual(
      Array(4).fill({ is: "unknown", region: HERE, why: "no answer" }),
    );
  });

  it("cannot be compared with a home that says nothing", () => {
    const checks = judgeNetwork(needs, { ...WELL, ...withHome(silent) });
    expect(checks.filter(({ outcome }) => outcome.is === "unknown")).toEqual([
      {
        ...{ kind: "security-group-rules", about: "sg-2 of eu-central-2" },
        outcome: { is: "unknown", region: HOME, why: "no answer" },
      },
    ]);
  });

  const anyPeer = fc.constantFrom(...["10.0.0.0/8", "::/0", "sg-app", "sg-3q", "pl-1"].map(peer));
  const anyPorts = fc
    .tuple(fc.integer({ min: 0, max: 65_535 }), fc.nat(100))
    .map(([from, more]) => {
      return { from, to: Math.min(from + more, 65_535) };
    });
  const anyRule = fc.record(
    {
      protocol: fc.constantFrom("tcp", "udp", "icmp", "-1"),
      ports: anyPorts,
      peers: fc.array(anyPeer, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ["protocol", "peers"] },
  );

  it("never calls a quarantine good that lets in anybody else, whatever the rule", () => {
    fc.assert(
      fc.property(fc.array(anyRule, { minLength: 1, maxLength: 4 }), (rules) => {
        const [said] = lacks({ quarantine: group(postgres(SQL), ...rules) });
        for (const { name } of rules.flatMap(({ peers }) => peers)) expect(said).toContain(name);
      }),
    );
  });

  it("finds two groups alike in whichever order their rules stand, and by whatever names", () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 4 }), (rules) => {
        const all = [postgres("10.3.0.0/16", SQL), ...rules];
        const home = group(...all.toReversed());
        const kinds = judgeNetwork(needs, { ...WELL, service: group(...all), ...withHome(home) });
        const compared = kinds.find(({ kind }) => kind === "security-group-rules");
        expect(compared?.outcome).toEqual({ is: "good" });
      }),
    );
  });
});
