import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../functions/aws/ec2-networks.ts";
import type { IngressRule } from "../../../lib/sla/ingress.ts";
import { openingName, openingsOf, openingWords, revokeCommand } from "../../../lib/sla/openings.ts";

const rule = (name: string, changes: Partial<IngressRule> = {}): IngressRule => ({
  ...{ protocol: "-1", peers: [{ kind: "network", name }] },
  ...changes,
});

describe("openings of a security group", () => {
  it("are all its rules but those that lead nowhere", () => {
    const nowhere = rule("255.255.255.255/32", { protocol: "icmp" });
    const [ssh, all] = [rule("10.0.0.0/8"), rule("0.0.0.0/0")];
    expect(openingsOf([], [nowhere])).toEqual([]);
    expect(openingsOf([ssh], [nowhere, all]).map(openingWords)).toEqual([
      "in from 10.0.0.0/8",
      "out to 0.0.0.0/0",
    ]);
    // In from there is a rule of somebody's all the same, and so is one without anybody in it.
    expect(openingsOf([nowhere], [rule("", { peers: [] })])).toHaveLength(2);
  });

  it.each([
    [rule("sg-1"), "in from sg-1"],
    [rule("::/0", { protocol: "tcp", ports: { from: 22, to: 22 } }), "in from ::/0 on tcp 22"],
    [rule("pl-1", { protocol: "udp", ports: { from: 1, to: 9 } }), "in from pl-1 on udp 1-9"],
    [rule("10.0.0.0/8", { protocol: "50" }), "in from 10.0.0.0/8 on 50"],
  ])("%j is %s", (each, name) => {
    expect(openingName({ way: "in", rule: each })).toBe(name);
  });

  it("are taken off by a command that names the same rule", () => {
    const ports = fc.record({ from: fc.nat(65_535), to: fc.nat(65_535) });
    // In the order in which EC2 tells them.
    const peers = fc.tuple(
      fc.array(fc.ipV4().map((name) => ({ kind: "network" as const, name: `${name}/32` }))),
      fc.array(fc.ipV6().map((name) => ({ kind: "network" as const, name: `${name}/128` }))),
      fc.array(fc.constantFrom("sg-1", "sg-2").map((name) => ({ kind: "group" as const, name }))),
      fc.array(fc.constantFrom("pl-1", "pl-2").map((name) => ({ kind: "list" as const, name }))),
    );
    const given = fc.record(
      { protocol: fc.constantFrom("tcp", "-1"), peers: peers.map((all) => all.flat()), ports },
      { requiredKeys: ["protocol", "peers"] },
    );
    fc.assert(
      fc.property(given, fc.constantFrom("in" as const, "out" as const), (each, way) => {
        const command = revokeCommand("eu-west-1", "sg-9", { way, rule: each });
        const verb = way === "in" ? "ingress" : "egress";
        const begin = `aws --region eu-west-1 ec2 revoke-security-group-${verb} --group-id sg-9 --ip-permissions '`;
        expect(command.startsWith(begin)).toBe(true);
        const [permission, ...others] = JSON.parse(command.slice(begin.length, -1));
        expect(others).toEqual([]);
        expect(ruleOf(permission)).toEqual(each);
      }),
    );
  });
});
