import { describe, expect, it, test } from "vitest";
import { PROBE_BATCH } from "../../../functions/probe/contract.ts";
import { SQL_BATCH } from "../../../functions/sql/contract.ts";
import { DEPLOYED } from "../../../lib/sla/cost/control.ts";
import { MINUTES } from "../../../lib/sla/cost/prices.ts";
import { BATCH, MEMORY, siteLoad } from "../../../lib/sla/cost/site-load.ts";
import { fleet } from "./fleet.ts";
import { resourcesOf, templateOf, templates } from "./templates.ts";

/** Of a site: also of what stands beside its own stack for customers and the world. */
const resourcesAt = (stack: string, type: string) =>
  [stack, stack.replace(/^Sla-/, "SlaPages-")]
    .filter((name, index, all) => templates.has(name) && all.indexOf(name) === index)
    .flatMap((name) => resourcesOf(templateOf(name), type));
const count = (stack: string, type: string) => resourcesAt(stack, type).length;
const { site, control, frozen, vantage } = DEPLOYED;

/** Everything that can be switched on is on in this fleet, but tickets and the helpdesk. */
const MAY_BE_MORE = 5;

describe("what sla cost counts", () => {
  test.each([
    ["Sla-eu-central-1", site.alarms],
    ["Sla-eu-central-2", site.alarms],
    ["Sla-eu-west-1", site.alarms + control.alarms + frozen.alarms],
    ["SlaVantage-eu-north-1", vantage.alarms],
  ])("as alarms of %s is what its template has, or a few more", (stack, counted) => {
    const found = count(stack, "AWS::CloudWatch::Alarm");
    expect(found).toBeLessThanOrEqual(counted);
    expect(found).toBeGreaterThanOrEqual(counted - MAY_BE_MORE);
  });

  it("as keys, secrets and endpoints is what the templates have", () => {
    expect(count("Sla-eu-central-1", "AWS::KMS::Key")).toBe(site.keys);
    expect(count("SlaVantage-eu-north-1", "AWS::KMS::Key")).toBe(vantage.keys);
    expect(count("Sla-eu-central-1", "AWS::SecretsManager::Secret")).toBe(site.secrets);
    const atControl = site.secrets + control.secrets;
    expect(count("Sla-eu-west-1", "AWS::SecretsManager::Secret")).toBe(atControl);
    const interfaces = (stack: string) =>
      resourcesOf(templateOf(stack), "AWS::EC2::VPCEndpoint").filter(
        ({ Properties }) => Properties["VpcEndpointType"] === "Interface",
      );
    expect(interfaces("Sla-eu-central-1")).toHaveLength(site.endpoints);
    expect(interfaces("Sla-eu-west-1")).toHaveLength(site.endpoints + frozen.endpoints);
    expect(fleet.frozen?.region).toBe("eu-west-1");
  });

  test.each(["eu-central-1", "eu-west-1"])("as schedules of every minute in %s", (region) => {
    const schedules = resourcesAt(`Sla-${region}`, "AWS::Scheduler::Schedule").filter(
      ({ Properties }) => Properties["ScheduleExpression"] === "rate(1 minute)",
    );
    expect(siteLoad(fleet, region).scheduled).toBe(schedules.length * MINUTES);
  });

  it("as memory and batches is what is deployed", () => {
    const memory = new Map(
      resourcesOf(templateOf("Sla-eu-central-1"), "AWS::Lambda::Function").map(({ Properties }) => [
        Properties["FunctionName"],
        Properties["MemorySize"],
      ]),
    );
    expect(memory.get("sla-watch")).toBe(MEMORY.watch * 1024);
    for (const name of ["sla-beat", "sla-sql"]) expect(memory.get(name)).toBe(MEMORY.beat * 1024);
    const [probe] = resourcesOf(templateOf("SlaVantage-eu-north-1"), "AWS::Lambda::Function");
    expect(probe?.Properties["MemorySize"]).toBe(MEMORY.probe * 1024);
    for (const name of ["sla-debts", "sla-records", "sla-oncall"]) {
      expect(Number(memory.get(name))).toBeLessThanOrEqual(MEMORY.minutely * 1024);
    }
    expect(BATCH).toEqual({ probe: PROBE_BATCH, sql: SQL_BATCH });
  });
});
