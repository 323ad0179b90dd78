import { X509Certificate } from "node:crypto";
import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { rdsAuthorities } from "../../../lib/infra/rds-authorities.ts";
import type { Engine } from "../../../lib/sla/engine.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { odoo } from "../../../lib/sla/presets/odoo.ts";
import { fleet } from "./fleet.ts";
import { appOf, grantsByHolder, resourcesOf } from "./templates.ts";

const REGION = "eu-west-1";

/** acme stays what it is; all are sold frozen copies, unless they are sold something else. */
function siteOf(engines: Readonly<Record<string, Engine>>, sold: Plan = odoo): Template {
  const sites = Object.entries(fleet.sites).map(([region, site]) => [
    region,
    { ...site, parameterGroups: { mariadb: "shops-10-11", mysql: "shops-8" } },
  ]);
  const mixed: Fleet = {
    ...fleet,
    plans: { mintsys: sold, odoo },
    sites: Object.fromEntries(sites),
    instances: fleet.instances.map(({ destination: _, ...rest }) => {
      const each = rest.id === "acme" ? { ...rest, plan: "odoo" } : rest;
      const engine = engines[each.id];
      return engine === undefined ? each : { ...each, database: { ...each.database, engine } };
    }),
  };
  return Template.fromStack(appOf(mixed).node.findChild(`Sla-${REGION}`) as Stack);
}

const site = siteOf({ birch: "mariadb", cedar: "mysql" });

interface ContainerDefinition {
  readonly Image: string;
  readonly Command: readonly string[];
  readonly Secrets?: readonly { readonly Name: string; readonly ValueFrom: string }[];
  readonly Environment?: readonly { readonly Name: string; readonly Value: string }[];
}

const tasksOf = (template: Template) =>
  resourcesOf(template, "AWS::ECS::TaskDefinition").map(({ Properties }) => ({
    family: Properties["Family"],
    containers: Properties["ContainerDefinitions"] as readonly ContainerDefinition[],
  }));

/** Where tasks are let in, and at which ports. */
const portsInto = (template: Template) =>
  resourcesOf(template, "AWS::EC2::SecurityGroupIngress")
    .filter(({ Properties }) => Properties["Description"] === "Freezing tasks of the SLA")
    .map(({ Properties }) => `${Properties["GroupId"]} ${Properties["FromPort"]}`)
    .toSorted();

describe("where databases of several engines are frozen", () => {
  it("each has a task with the program of whoever makes it", () => {
    const images = tasksOf(site).map(({ family, containers }) => [
      family,
      containers[0]?.Image.split("/sla-public/")[1],
    ]);
    expect(images.toSorted()).toEqual([
      ["sla-freeze", "docker/library/postgres:17"],
      ["sla-freeze-mariadb", "docker/library/mariadb:11.8"],
      ["sla-freeze-mysql", "docker/library/mysql:8.4"],
    ]);
  });

  it("no task is there of an engine of which nobody is sold a dump, nor a way to its databases", () => {
    const { frozen: _, downloads: __, ...plain } = odoo;
    const bare = siteOf({ birch: "mariadb", cedar: "mysql" }, plain);
    expect(tasksOf(bare).map(({ family }) => family)).toEqual(["sla-freeze"]);
    expect(portsInto(bare)).toEqual(["sg-3q 5432"]);
  });

  it("no task is there of an engine that nobody has", () => {
    expect(tasksOf(siteOf({ birch: "mariadb" })).map(({ family }) => family)).toEqual(
      expect.not.arrayContaining(["sla-freeze-mysql"]),
    );
    const all = { acme: "mariadb", birch: "mariadb", cedar: "mariadb" } as const;
    expect(tasksOf(siteOf(all)).map(({ family }) => family)).toEqual(["sla-freeze-mariadb"]);
  });

  it("the password goes to the dump alone, past every command line", () => {
    for (const { family, containers } of tasksOf(site)) {
      const [dump, upload] = containers;
      const name = family === "sla-freeze" ? "PGPASSWORD" : "MYSQL_PWD";
      expect(dump?.Secrets).toEqual([
        { Name: name, ValueFrom: expect.stringMatching(/:secret:sla\/restore:password::$/) },
      ]);
      expect(upload?.Secrets).toBeUndefined();
      expect(dump?.Command.join("\n")).not.toMatch(/--password|MYSQL_PWD|PGPASSWORD/);
    }
  });

  it("servers of MariaDB and MySQL have to prove who they are, by RDS's authorities of that region", () => {
    const sql = tasksOf(site).filter(({ family }) => family !== "sla-freeze");
    for (const { containers } of sql) {
      const [dump] = containers;
      expect(dump?.Command[0]).toMatch(/--ssl-verify-server-cert|--ssl-mode=VERIFY_IDENTITY/);
      const [{ Name, Value } = { Name: "", Value: "" }, ...others] = dump?.Environment ?? [];
      expect([Name, others]).toEqual(["RDS_AUTHORITIES", []]);
      const pems = Value.split(/(?<=-----END CERTIFICATE-----)\n/);
      const names = pems.map((pem) => /CN=(.*)/.exec(new X509Certificate(pem).subject)?.[1]);
      expect(names.toSorted()).toEqual(
        ["ECC384", "RSA2048", "RSA4096"].map((kind) => `Amazon RDS ${REGION} Root CA ${kind} G1`),
      );
      expect(dump?.Command[0]).toContain(`"$${Name}" > authorities`);
    }
  });

  it("a region whose authorities nobody knows is refused by name", () => {
    expect(() => rdsAuthorities("mars-north-1")).toThrow(
      /^frozen\.region: 'mars-north-1': no cert/,
    );
  });

  it("tasks get into restored databases at their ports", () => {
    expect(portsInto(site)).toEqual(["sg-3q 3306", "sg-3q 5432"]);
  });

  it("the function runs these tasks and no other, with images of these repositories", () => {
    const arn = (service: string, what: string) =>
      `arn:aws:${service}:${REGION}:111111111111:${what}`;
    const resources = (holder: string, action: string) =>
      (grantsByHolder(site).get(holder) ?? [])
        .filter((grant) => grant.action === action)
        .flatMap((grant) => grant.resources)
        .toSorted();
    expect(resources("sla-freeze", "ecs:RunTask")).toEqual(
      ["-mariadb", "-mysql", ""].map((each) => arn("ecs", `task-definition/sla-freeze${each}:*`)),
    );
    // One role begins all of them; whoever asks for its holder is told the last.
    expect(resources("sla-freeze-mysql execution", "ecr:BatchGetImage")).toEqual(
      [
        "aws-cli/aws-cli",
        ...["mariadb", "mysql", "postgres"].map((it) => `docker/library/${it}`),
      ].map((image) => arn("ecr", `repository/sla-public/${image}`)),
    );
  });
});
