import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");
const withMachines = (machines: string) =>
  EXAMPLE.replace("    filestore: s3://acme-filestore\n", `    machines: ${machines}\n$&`);
const parse = (machines: string) => parseFleet(withMachines(machines), "fleet.yaml");

describe("machines of an instance", () => {
  it("are named by id or by a tag, at home, where it stands by and where it may be restored", () => {
    const machines = {
      ...{ "eu-central-2": "i-0123456789abcdef0", "eu-central-1": "Name=acme web" },
      "eu-west-1": "team/role=a=b",
    };
    expect(parse(JSON.stringify(machines)).instances[0]?.machines).toEqual(machines);
  });

  it.each([
    [
      "{ us-east-1: Name=acme }",
      /instances\[0\]\.machines\.us-east-1: the instance never runs in 'us-east-1'/,
    ],
    [
      "{ eu-central-2: acme }",
      /expected an id or a tag of an EC2 machine, like i-0123456789abcdef0/,
    ],
    ["{ eu-central-2: aws:autoscaling:groupName=x }", /expected an id or a tag of an EC2 machine/],
    ["{ eu-centre-2: Name=acme }", /machines/],
  ])("%s is refused", (machines, said) => {
    expect(() => parse(machines)).toThrow(said);
  });
});

describe("when versions are taken", () => {
  const planned = (backups: string) =>
    EXAMPLE.replace("\ninstances:", `\nplans: { own: { extends: odoo, backups: ${backups} } }\n$&`);
  const sold = "contents: [database], schedules: [{ every: 1d, keep: 7d }]";

  it.each([
    [`{ ${sold}, instanceSchedule: { every: 1d } }`, /left out without `instanceVersions`/],
    [
      `{ ${sold}, instanceVersions: 2, instanceSchedule: { every: 6h, at: ["01:00"] } }`,
      /left out where `every` is in hours/,
    ],
  ])("%s is refused", (backups, said) => {
    expect(() => parseFleet(planned(backups), "fleet.yaml")).toThrow(said);
  });
});
