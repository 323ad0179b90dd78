import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImageTestRecord } from "../../functions/restore/image-contract.ts";
import { eventually } from "../../lib/drill/eventually.ts";
import type { ImageView } from "../../lib/operator/image-view.ts";
import { withImageTests } from "./harbour-backups.ts";
import { onHarbour } from "./on-harbour.ts";

const LONG = { timeout: 300_000 };
const [HOME, STANDBY, FAR] = ["eu-south-2", "eu-west-1", "eu-west-3"] as const;

describe("tests of images, by the functions of cdk.out", () => {
  const harbour = onHarbour(withImageTests);
  const { sla } = harbour;
  const clients = new Map<string, EC2Client>();
  const ec2 = (region: string) => {
    const { url, ground } = harbour.stage.cloud;
    const known =
      clients.get(region) ??
      new EC2Client({ region, endpoint: url, credentials: ground.credentials });
    clients.set(region, known);
    return known;
  };
  const view = async () => {
    const { stdout, stderr } = await sla("backups", "tern", "--json", "--now");
    if (stdout === "") throw new Error(stderr);
    const { images } = JSON.parse(stdout) as { readonly images: ImageView };
    return images;
  };
  /** Of tests, and what state they are in. */
  const machines = async (region: string) => {
    const Filters = [{ Name: "tag:sla:restore-test", Values: ["*"] }];
    const { Reservations = [] } = await ec2(region).send(new DescribeInstancesCommand({ Filters }));
    return Reservations.flatMap(({ Instances = [] }) =>
      Instances.map(({ InstanceId = "", State }) => [InstanceId, State?.Name] as const),
    );
  };
  const amiIn = async (region: string) => {
    const { Images: [image] = [] } = await ec2(region).send(new DescribeImagesCommand({}));
    return image?.ImageId ?? "";
  };

  beforeAll(
    () =>
      eventually("an image in every place", 240_000, async () => {
        const { images } = await view();
        const places = [HOME, STANDBY, FAR];
        return places.every((place) => images[0]?.states[place] === "available") || undefined;
      }),
    260_000,
  );
  afterAll(() => {
    for (const client of clients.values()) client.destroy();
  });

  it("start a machine of a copy, see it come up, and leave none behind", LONG, async () => {
    const { stdout, stderr, exitCode } = await sla(
      ...["restore-test", "tern", "--image", "--region", FAR],
    );
    expect([exitCode, stderr], stdout).toEqual([0, ""]);
    expect(stdout.replace(/\s+/g, " ")).toMatch(
      /PROVEN i-[0-9a-f]{17} came up in .* both of EC2's checks were passed/,
    );
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    const ended = await machines(FAR);
    expect(ended.map(([, state]) => state)).toEqual(["terminated"]);
    expect((await view()).images[0]?.provenIn).toContain(FAR);
  });

  it(
    "find an image that does not boot, say so, and go on to believe the others",
    LONG,
    async () => {
      harbour.stage.cloud.services.machines.spoil(await amiIn(HOME));
      const bad = await sla("restore-test", "tern", "--image", "--region", HOME);
      expect(bad.exitCode, bad.stdout).toBe(1);
      expect(bad.stdout.replace(/\s+/g, " ")).toMatch(
        /RestoreBroken: i-\w+ did not come up: EC2 says .* of itself: impaired/,
      );
      expect(bad.stdout).toContain("docs/runbook.md#image-tests-failing");
      expect((await machines(HOME)).map(([, state]) => state)).toEqual(["terminated"]);
      const last = await sla("restore-test", "tern", "--image", "--last", "--json");
      const { records } = JSON.parse(last.stdout) as { readonly records: ImageTestRecord[] };
      expect(records.map(({ region, ok }) => [region, ok])).toEqual(
        expect.arrayContaining([
          [HOME, false],
          [FAR, true],
        ]),
      );
    },
  );

  it("start nothing in a group that anybody has opened", LONG, async () => {
    const { groups } = harbour.stage.cloud.ground;
    groups.allow(STANDBY, "sg-h1t", { cidr: "10.0.0.0/8" });
    const open = await sla("restore-test", "tern", "--image", "--region", STANDBY);
    expect(open.exitCode, open.stdout).toBe(1);
    expect(open.stdout.replace(/\s+/g, " ")).toContain(
      "has to be without rules: it has in from 10.0.0.0/8",
    );
    expect(await machines(STANDBY)).toEqual([]);
    groups.revoke(STANDBY, "sg-h1t", { cidr: "10.0.0.0/8" });
  });

  it(
    "that were broken off are cleaned up after, and nobody else's machine is touched",
    LONG,
    async () => {
      const start = async (Tags: { Key: string; Value: string }[]) => {
        const { Instances: [one] = [] } = await ec2(FAR).send(
          new RunInstancesCommand({
            ...{ ImageId: await amiIn(FAR), MinCount: 1, MaxCount: 1, InstanceType: "t3.medium" },
            NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: "subnet-h3t", Groups: ["sg-h3t"] }],
            TagSpecifications: [{ ResourceType: "instance", Tags }],
          }),
        );
        return one?.InstanceId ?? "";
      };
      const orphan = await start([
        { Key: "sla:restore-test", Value: "rt-1" },
        { Key: "sla:until", Value: "2026-01-01T00:00:00.000Z" },
      ]);
      const other = await start([{ Key: "Name", Value: "shop" }]);
      await eventually("the orphan ended", 200_000, async () => {
        const found = new Map(await machines(FAR));
        return found.get(orphan) === "terminated" || undefined;
      });
      const { Reservations = [] } = await ec2(FAR).send(
        new DescribeInstancesCommand({ InstanceIds: [other] }),
      );
      expect(Reservations[0]?.Instances?.[0]?.State?.Name).toBe("running");
    },
  );

  it.each([
    [["restore-test", "gull", "--image"], /--image: gull: its plan 'skiff' sells no imageTests/],
    [
      ["restore-test", "tern", "--image", "--region", "eu-north-1"],
      /'eu-north-1' is no place of tern/,
    ],
    [["restore-test", "tern", "--image", "--backup", "x"], /tern has no 'x'; it has sla-tern-/],
  ])("refuses %j in one line", LONG, async (args, said) => {
    const { exitCode, stderr, stdout } = await sla(...args);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(said);
    expect(stderr.trimEnd().split("\n").length).toBe(1);
  });
});
