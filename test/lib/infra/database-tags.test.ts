import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { SiteStack } from "../../../lib/infra/site-stack.ts";
import { KEPT_TAGS, STANDBY_TAGS } from "../../../lib/sla/database-tags.ts";
import { ofSize } from "./fleet.ts";
import { type Asked, rolesThatMay } from "./iam.ts";
import { appOf, type Resource, referredTo, resourcesOf } from "./templates.ts";

const REGION = "eu-central-1";
const db = (name: string, region = REGION) => `arn:aws:rds:${region}:111111111111:db:${name}`;
/** Nothing of the fleet, whatever it is called. */
const STRANGERS = ["payroll", "payroll-db-standby", "payroll-sla2", "payroll-slar2"].map((name) =>
  db(name),
);
const HOMES = { 10: "acme-0", 100: "acme-99", 1000: "acme-999" } as const;
type Size = keyof typeof HOMES;
const SIZES = [10, 100, 1000] as const satisfies readonly Size[];

/** Names of functions, of the site in which standbys live. */
function whoMay(size: Size): (asked: Asked) => readonly string[] {
  const app = appOf(ofSize(size));
  const site = app.node.children.find(
    (child) => child instanceof SiteStack && child.stackName === `Sla-${REGION}`,
  );
  if (!(site instanceof SiteStack)) throw new Error(`no stack of ${REGION}`);
  const template = Template.fromStack(site);
  const names = new Map(
    resourcesOf(template, "AWS::Lambda::Function").map(({ Properties }: Resource) => [
      referredTo(Properties["Role"]) ?? "",
      String(Properties["FunctionName"]),
    ]),
  );
  return (asked) => rolesThatMay(template, asked).map((role) => names.get(role) ?? role);
}

describe.each(SIZES)("with %i instances", (size) => {
  const may = whoMay(size);
  const [primary, standby] = [
    db(`${HOMES[size]}-db`, "eu-central-2"),
    db(`${HOMES[size]}-db-standby`),
  ];

  it("a standby is deleted by one function, and only if it is tagged as one", () => {
    const deleting = (arn: string, tagged = {}) =>
      may({ action: "rds:DeleteDBInstance", arn, tagged });
    expect(deleting(standby, STANDBY_TAGS)).toEqual(["sla-standby-drop"]);
    expect(deleting(db(`${HOMES[size]}-db-standby-sla3`), STANDBY_TAGS)).toEqual([
      "sla-standby-drop",
    ]);
    for (const arn of [standby, primary, ...STRANGERS]) {
      expect([arn, deleting(arn), deleting(arn, KEPT_TAGS)]).toEqual([arn, [], []]);
    }
    const unprotecting = { action: "rds:ModifyDBInstance", arn: standby, tagged: {} };
    expect(may(unprotecting)).not.toContain("sla-standby-drop");
  });

  it("nobody who deletes databases may tag them, and nobody takes tags off", () => {
    const tagging = (arn: string, tags: Readonly<Record<string, string>>) =>
      may({ action: "rds:AddTagsToResource", arn, tagging: tags });
    for (const arn of [primary, standby, db("payroll")]) {
      expect([arn, tagging(arn, STANDBY_TAGS), tagging(arn, KEPT_TAGS)]).toEqual([arn, [], []]);
      expect(may({ action: "rds:RemoveTagsFromResource", arn })).toEqual([]);
    }
    const built = db(`${HOMES[size]}-db-standby-sla3`);
    expect(tagging(built, STANDBY_TAGS)).toEqual(["sla-reprotect-build"]);
    expect(tagging(built, { ...STANDBY_TAGS, "sla:managed": "true" })).toEqual([]);
    const recovered = db(`${HOMES[size]}-db-standby-slar3`);
    expect(tagging(recovered, { ...KEPT_TAGS, "sla:recovery": "rc-1" })).toEqual([
      "sla-recover-restore",
    ]);
  });

  it.each([
    ["rds:ModifyDBInstance", "sla-failover-fence"],
    ["rds:RebootDBInstance", "sla-debts"],
    ["rds:PromoteReadReplica", "sla-failover-promote"],
    ["rds:CreateDBSnapshot", "sla-snapshot"],
  ])("%s is for databases of the fleet: %s", (action, name) => {
    expect(may({ action, arn: standby, tagged: STANDBY_TAGS })).toContain(name);
    for (const arn of STRANGERS) expect([arn, may({ action, arn })]).toEqual([arn, []]);
  });

  it("what is built and brought back may be changed by whoever has made it", () => {
    const changing = (name: string, tagged: Asked["tagged"] = {}) =>
      may({ action: "rds:ModifyDBInstance", arn: db(`${HOMES[size]}-db-standby-${name}`), tagged });
    expect(changing("sla3", STANDBY_TAGS)).toContain("sla-reprotect-build");
    expect(changing("slar3", KEPT_TAGS)).toContain("sla-recover-restore");
  });
});

describe("a fleet whose databases a policy can name", () => {
  it("is fenced and promoted whether they are tagged or not", () => {
    const may = whoMay(10);
    const untagged = { arn: db("acme-0-db-standby"), tagged: {} };
    expect(may({ action: "rds:ModifyDBInstance", ...untagged })).toContain("sla-failover-fence");
    expect(may({ action: "rds:PromoteReadReplica", ...untagged })).toEqual([
      "sla-failover-promote",
    ]);
  });
});
