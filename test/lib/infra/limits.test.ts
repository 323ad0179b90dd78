import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { SiteStack } from "../../../lib/infra/site-stack.ts";
import { reasonFor } from "../../../lib/infra/wildcards.ts";
import { STACKS } from "../../../lib/local-cloud/services.ts";
import { databaseArns } from "../../../lib/sla/database-arns.ts";
import type { Engine } from "../../../lib/sla/engine.ts";
import type { Fleet, Instance } from "../../../lib/sla/fleet.ts";
import { cloudpepperHigh } from "../../../lib/sla/presets/cloudpepper-high.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { shardsOf } from "../../../lib/sla/shards.ts";
import { fleet, ofSize } from "./fleet.ts";
import { appOf, grantsByHolder, policiesOf, templates } from "./templates.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LIMITS = { resources: 500, bytes: 1_000_000 } as const;

interface Size {
  readonly resources: number;
  readonly bytes: number;
  readonly kinds: Readonly<Record<string, number>>;
}

function sizeOf(template: Template): Size {
  const json = template.toJSON() as { Resources: Record<string, { Type: string }> };
  const types = Object.values(json.Resources).map(({ Type }) => Type);
  const kinds = Map.groupBy(types, (type) => type);
  return {
    resources: types.length,
    bytes: JSON.stringify(json, null, 1).length,
    kinds: Object.fromEntries([...kinds].map(([type, those]) => [type, those.length])),
  };
}

/** Of all policies in a role, spaces not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLE_CHARACTERS = 10_240;

/** Of each managed policy, and how many a role takes unless the account has asked for more. */
const MANAGED = { characters: 6144, policies: 10 } as const;

/** By logical id of the role. */
function policySizes(template: Template): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { roles, statements } of policiesOf(template).filter(({ isManaged }) => !isManaged)) {
    for (const role of roles) {
      sizes.set(role, (sizes.get(role) ?? 0) + JSON.stringify(statements).length);
    }
  }
  return sizes;
}

const ENGINES: readonly Engine[] = ["postgres", "mariadb", "mysql"];

/** As many as a fleet file may have: some of them a fleet of any size has, as many as policies can name. */
const GLOBALS = 36;

/** One of six is sold support, one images that are tested; every engine, as many clusters as there may be, the helpdesk. */
function withEverything(of: Fleet): Fleet {
  const { binhex } = PRESETS;
  if (!binhex) throw new Error("there is a plan binhex");
  const kindOf = (instance: Instance, index: number): Partial<Instance> => {
    if (!instance.standby) return {};
    if (index % 6 === 0) return { plan: "imaged", machines: { [instance.home]: "Role=app" } };
    if (index % 6 === 1) return { plan: "cloudpepper-high" };
    if (index % 6 === 3 && index < 6 * GLOBALS) {
      const global = `${instance.id}-global`;
      return { database: { ...instance.database, engine: "aurora-postgresql", global } };
    }
    const engine = ENGINES[index % ENGINES.length] ?? "postgres";
    return { database: { ...instance.database, engine } };
  };
  return {
    ...of,
    provider: {
      ...of.provider,
      helpdesk: { issuer: "https://desk.example", audience: ["sla"], scope: "tickets" },
    },
    plans: {
      ...of.plans,
      "cloudpepper-high": cloudpepperHigh,
      imaged: { ...binhex, imageTests: { every: "1mo" } },
    },
    sites: Object.fromEntries(
      Object.entries(of.sites).map(([region, site]) => [
        region,
        { ...site, imageTests: { subnet: `subnet-${region}`, securityGroup: `sg-${region}` } },
      ]),
    ),
    instances: of.instances.map((each, index) => ({ ...each, ...kindOf(each, index) })),
  };
}

describe("limits of IAM", () => {
  it.each([3, 8, 12, 20, 40, 41, 100, 1000])(
    "hold every role's policies with %i instances",
    (count) => {
      const app = appOf(ofSize(count));
      const sites = app.node.children.filter((child) => child instanceof SiteStack);
      const sizes = sites.flatMap((site) => [...policySizes(Template.fromStack(site))]);
      const [fullest] = sizes.toSorted(([, a], [, b]) => b - a);
      console.info(`${count} instances: ${fullest?.[0]} has ${fullest?.[1]} of ${ROLE_CHARACTERS}`);
      expect(sizes.filter(([, size]) => size > 0.95 * ROLE_CHARACTERS)).toEqual([]);
    },
  );

  it.each([41, 100, 600])("hold every managed policy with %i instances", (count) => {
    const sites = appOf(ofSize(count)).node.children.filter((child) => child instanceof SiteStack);
    for (const template of sites.map((site) => Template.fromStack(site))) {
      const policies = Object.values(template.findResources("AWS::IAM::ManagedPolicy"));
      const sizes = policies.map(
        ({ Properties }) => JSON.stringify(Properties["PolicyDocument"]).length,
      );
      console.info(`${count} instances: ${sizes.length} managed policies of ${sizes}`);
      expect(sizes.length).toBeGreaterThan(0);
      expect(sizes.filter((size) => size > MANAGED.characters)).toEqual([]);
      const taken = Object.values(template.findResources("AWS::IAM::Role")).map(
        ({ Properties }) => (Properties["ManagedPolicyArns"] ?? []).length as number,
      );
      expect(Math.max(...taken)).toBeLessThan(MANAGED.policies);
    }
  });

  it.each([20, 1000])("leave no wildcard of %i instances without its reason", (count) => {
    const roles = appOf(ofSize(count)).node.children.filter((child) => child instanceof Stack);
    const unexplained = roles
      .flatMap((stack) => [...grantsByHolder(Template.fromStack(stack)).values()].flat())
      .flatMap(({ resources }) => resources)
      .filter((resource) => resource.includes("*") && reasonFor(resource) === undefined);
    expect([...new Set(unexplained)]).toEqual([]);
  });

  it("name each database while they fit, and only its region once they do not", () => {
    const { databases: few } = databaseArns(ofSize(3));
    expect(few).toContain("arn:aws:rds:eu-central-2:111111111111:db:acme-0-db");
    const { databases, seats, standbys, replicas, recovered } = databaseArns(ofSize(1000));
    const of = (region: string, name: string) => `arn:aws:rds:${region}:111111111111:db:${name}`;
    expect(
      [databases, seats, standbys].map((arns) => arns.every((arn) => arn.endsWith(":db:*"))),
    ).toEqual([true, true, true]);
    expect(replicas).toContain(of("eu-central-1", "*-sla*"));
    expect(recovered).toContain(of("eu-central-1", "*-slar*"));
  });
});

/** The second has a limit of its own: policies that a role takes. */
const GROWING = ["AWS::Scheduler::Schedule", "AWS::IAM::ManagedPolicy"];

describe("limits of CloudFormation", () => {
  const large = ofSize(1000);
  const app = appOf(large);
  const stacks = app.node.children.filter((child) => child instanceof Stack);
  const sizes = stacks.map(
    (stack) => [stack.stackName, sizeOf(Template.fromStack(stack))] as const,
  );

  it("are not half used, whatever the size of the fleet", () => {
    expect(sizes.length).toBe(templates.size);
    for (const [name, { resources, bytes }] of sizes) {
      console.info(
        `1,000 instances: ${name}: ${resources} of 500 resources, ${bytes} bytes of a million`,
      );
      expect([name, resources < 0.5 * LIMITS.resources]).toEqual([name, true]);
      expect([name, bytes < 0.5 * LIMITS.bytes]).toEqual([name, true]);
    }
  });

  it.each([40, 1000])(
    "are not half used by whoever sells everything to %i",
    (count) => {
      const everything = appOf(withEverything(ofSize(count)));
      for (const stack of everything.node.children.filter((child) => child instanceof Stack)) {
        const template = Template.fromStack(stack);
        expect(stack.stackName).toMatch(STACKS);
        const { resources, bytes } = sizeOf(template);
        const fullest = Math.max(0, ...policySizes(template).values());
        console.info(
          `everything, ${count}: ${stack.stackName}: ${resources} of 500 resources, ${bytes} bytes of a million, roles to ${fullest}`,
        );
        expect([stack.stackName, resources < 0.5 * LIMITS.resources]).toEqual([
          stack.stackName,
          true,
        ]);
        expect([stack.stackName, bytes < 0.5 * LIMITS.bytes]).toEqual([stack.stackName, true]);
        expect([stack.stackName, fullest < 0.95 * ROLE_CHARACTERS]).toEqual([
          stack.stackName,
          true,
        ]);
      }
    },
    120_000,
  );

  it("come no nearer with instances, but for the schedules of their shards and a few policies", () => {
    const more = shardsOf(large).length - shardsOf(fleet).length;
    expect(more).toBeGreaterThan(0);
    for (const [name, { kinds }] of sizes) {
      const small = sizeOf(templates.get(name) as Template).kinds;
      const grown = Object.keys(kinds).filter((kind) => kinds[kind] !== small[kind]);
      expect([name, grown.filter((kind) => !GROWING.includes(kind))]).toEqual([name, []]);
    }
  });
});
