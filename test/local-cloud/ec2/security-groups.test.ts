import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SecurityGroups, type Source } from "../../../lib/local-cloud/ec2/security-groups.ts";

const REGION = "eu-central-1";

function verdict(
  rules: Readonly<Record<string, readonly Source[]>>,
  from: string,
  groups: string[],
) {
  const security = new SecurityGroups();
  for (const [id, sources] of Object.entries(rules)) {
    security.create(REGION, id);
    for (const source of sources) security.allow(REGION, id, source);
  }
  security.bind("127.20.1.9", ["sg-functions"]);
  return security.admits(REGION, groups, from);
}

const RULES = {
  "sg-empty": [],
  "sg-all": [{ cidr: "0.0.0.0/0" }],
  "sg-net": [{ cidr: "127.20.1.0/24" }],
  "sg-host": [{ cidr: "127.20.1.7/32" }],
  "sg-quarantine": [{ group: "sg-functions" }],
} as const;

describe("security groups", () => {
  it.for([
    ["a group without a rule admits nobody", "127.20.1.7", ["sg-empty"], false],
    ["everybody is admitted by 0.0.0.0/0", "127.99.1.7", ["sg-all"], true],
    ["a network admits its own", "127.20.1.255", ["sg-net"], true],
    ["a network refuses its neighbour", "127.20.2.0", ["sg-net"], false],
    ["a single address admits itself", "127.20.1.7", ["sg-host"], true],
    ["a single address refuses the next", "127.20.1.8", ["sg-host"], false],
    ["a quarantine admits the functions", "127.20.1.9", ["sg-quarantine"], true],
    ["a quarantine refuses everybody else", "127.20.1.7", ["sg-quarantine"], false],
    ["one admitting group of several is enough", "127.20.1.7", ["sg-empty", "sg-host"], true],
    ["no group admits nobody", "127.20.1.7", [], false],
    ["an unknown group admits nobody", "127.20.1.7", ["sg-unknown"], false],
    ["the default group admits everybody", "127.20.1.7", ["default"], true],
  ] as const)("%s", ([, from, groups, admitted]) => {
    expect(verdict(RULES, from, [...groups])).toBe(admitted);
  });

  it("keeps regions apart", () => {
    const security = new SecurityGroups();
    security.create("eu-west-1", "sg-all");
    security.allow("eu-west-1", "sg-all", { cidr: "0.0.0.0/0" });
    expect(security.admits(REGION, ["sg-all"], "127.20.1.7")).toBe(false);
    expect(security.has(REGION, "sg-all")).toBe(false);
  });

  it("makes up an id when it is given none, and leaves an existing group as it is", () => {
    const security = new SecurityGroups();
    const id = security.create(REGION);
    expect(id).toMatch(/^sg-[0-9a-f]{17}$/);
    security.allow(REGION, id, { cidr: "0.0.0.0/0" });
    security.create(REGION, id);
    expect(security.admits(REGION, [id], "127.20.1.7")).toBe(true);
  });

  it.for(["127.0.0.1", "127.0.0.0/33", "300.0.0.0/8", "127.0.0/8", "::/0"])(
    "refuses the CIDR %s",
    (cidr) => {
      const security = new SecurityGroups();
      const id = security.create(REGION);
      expect(() => security.allow(REGION, id, { cidr })).toThrow(`CIDR block ${cidr} is malformed`);
    },
  );

  it("refuses a rule for a group that does not exist", () => {
    const allow = () => new SecurityGroups().allow(REGION, "sg-nobody", { cidr: "0.0.0.0/0" });
    expect(allow).toThrow("The security group 'sg-nobody' does not exist");
  });

  it("admits more, never less, as rules and groups are added", () => {
    const anyGroups = fc.subarray(Object.keys(RULES));
    const anyAddress = fc
      .tuple(fc.nat(255), fc.nat(255), fc.nat(255))
      .map((rest) => `127.${rest.join(".")}`);
    fc.assert(
      fc.property(anyGroups, anyGroups, anyAddress, (some, others, from) => {
        fc.pre(verdict(RULES, from, some));
        expect(verdict(RULES, from, [...some, ...others])).toBe(true);
      }),
    );
  });
});
