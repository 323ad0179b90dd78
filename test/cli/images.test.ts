import {
  CreateImageCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { describe, expect, it, vi } from "vitest";
import { ledgerOf } from "../../lib/drill/witness.ts";
import type { ImageView } from "../../lib/operator/image-view.ts";
import { backupId, TAGS, tagsOf } from "../../lib/sla/backups/catalogue.ts";

import { withImages } from "./harbour-backups.ts";
import { onHarbour } from "./on-harbour.ts";

const LONG = { timeout: 300_000 };
const DAY_MS = 86_400_000;
const [HOME, STANDBY, FAR] = ["eu-south-2", "eu-west-1", "eu-west-3"] as const;
const PLACES = [HOME, STANDBY, FAR];

describe("versions of the complete instance, on a cloud", () => {
  const harbour = onHarbour(withImages);
  const { sla } = harbour;
  const ec2 = (region: string) =>
    new EC2Client({
      ...{
        region,
        endpoint: harbour.stage.cloud.url,
        credentials: harbour.stage.cloud.ground.credentials,
      },
    });

  const view = async () => {
    const { stdout, stderr } = await sla("backups", "tern", "--json", "--now");
    if (stdout === "") throw new Error(stderr);
    const { images } = JSON.parse(stdout) as { readonly images: ImageView };
    return images;
  };
  const until = async (what: string, holds: (view: ImageView) => boolean) => {
    let last = "nothing";
    const seen = vi.waitUntil(
      async () => {
        const found = await view().catch((cause: Error) => cause.message);
        last = JSON.stringify(found);
        return typeof found !== "string" && found.silent.length === 0 && holds(found) && found;
      },
      { timeout: 240_000, interval: 500 },
    );
    return seen.catch((cause: unknown) => {
      throw new Error(`${what}: ${last}`, { cause });
    });
  };
  const areEverywhere = ({ images }: ImageView) =>
    images.length > 0 &&
    images.every(({ states }) => PLACES.every((place) => states[place] === "available"));

  it("are taken at once and lie in every place, by the functions of cdk.out", LONG, async () => {
    const { images, machine, sold } = await until("everywhere", areEverywhere);
    expect([machine, sold, images.length]).toEqual(["Name=tern", 2, 1]);
    expect(images[0]).toMatchObject({ schedules: ["versions"], isHeld: false });
    const { stdout } = await sla("backups", "tern");
    expect(stdout.replace(/\s+/g, " ")).toContain(
      `of the complete instance, Name=tern in ${HOME}; 2 versions sold: 1 in ${HOME}, 1 in ${STANDBY}, 1 in ${FAR}`,
    );
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    const deeds = await ledgerOf(harbour.stage, FAR).keys("backups/");
    expect(deeds.length).toBeGreaterThan(0);
  });

  it(
    "go with their snapshots once newer ones are enough, and what is not ours stays",
    LONG,
    async () => {
      const home = ec2(HOME);
      const { Reservations = [] } = await home.send(new DescribeInstancesCommand({}));
      const InstanceId = Reservations[0]?.Instances?.[0]?.InstanceId ?? "";
      await home.send(new CreateImageCommand({ InstanceId, Name: "by-hand", NoReboot: true }));
      const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
      const olders = [2, 3].map((days) => midnight - days * DAY_MS);
      for (const tickMs of olders) {
        const tags = {
          ...tagsOf({ instance: "tern", schedules: ["versions"], tickMs }),
          [TAGS.taken]: new Date(tickMs).toISOString(),
        };
        const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        const TagSpecifications = (["image", "snapshot"] as const).map((ResourceType) => {
          return { ResourceType, Tags };
        });
        const Name = backupId("tern", tickMs);
        await home.send(new CreateImageCommand({ InstanceId, Name, TagSpecifications }));
      }
      const [kept = "", gone = ""] = olders.map((tickMs) => backupId("tern", tickMs));
      const isDone = (seen: ImageView) =>
        areEverywhere(seen) && seen.images.length === 2 && seen.images[0]?.id === kept;
      await until("the two newest everywhere", isDone);
      const { Images = [] } = await home.send(new DescribeImagesCommand({ Owners: ["self"] }));
      expect(Images.map(({ Name }) => Name)).toEqual(expect.arrayContaining(["by-hand", kept]));
      expect(Images.map(({ Name }) => Name)).not.toContain(gone);
      const { Snapshots = [] } = await home.send(new DescribeSnapshotsCommand({}));
      expect(Snapshots).toHaveLength(3);
      home.destroy();
    },
  );

  it("are copied again where one was deregistered by hand", LONG, async () => {
    const far = ec2(FAR);
    const { Images: [one] = [] } = await far.send(new DescribeImagesCommand({}));
    await far.send(
      new DeregisterImageCommand({
        ImageId: one?.ImageId ?? "",
        DeleteAssociatedSnapshots: true,
      }),
    );
    const isAgain = (seen: ImageView) => areEverywhere(seen) && seen.images.length === 2;
    await until("everywhere again", isAgain);
    far.destroy();
  });
});
