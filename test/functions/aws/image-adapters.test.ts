import { CreateTagsCommand, DeregisterImageCommand, EC2Client } from "@aws-sdk/client-ec2";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import {
  ec2ImageCopying,
  ec2ImageRemoving,
  ec2ImageTaking,
} from "../../../functions/aws/ec2-image-shelf.ts";
import { ec2Images } from "../../../functions/aws/ec2-images.ts";
import { rotate } from "../../../functions/snapshot/rotate.ts";
import { ImageBook } from "../../../lib/local-cloud/ec2/image-book.ts";
import { Machines } from "../../../lib/local-cloud/ec2/machines.ts";
import { SecurityGroups } from "../../../lib/local-cloud/ec2/security-groups.ts";
import { ec2Service } from "../../../lib/local-cloud/ec2/service.ts";
import { Subnets } from "../../../lib/local-cloud/ec2/subnets.ts";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { Keys } from "../../../lib/local-cloud/rds/keys.ts";
import { backupId, shelved, TAGS, tagsOf } from "../../../lib/sla/backups/catalogue.ts";
import { imageTagsOf } from "../../../lib/sla/backups/images.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const [HERE, THERE] = ["eu-central-2", "eu-west-1"] as const;
const machines = new Machines();
const keys = new Keys();
const cutOff = new Set<string>();
const images = new ImageBook({
  ...{ machines, keys, log: new EventLog(), isCutOff: (region) => cutOff.has(region) },
});
const { definition } = ec2Service({
  ...{ account: "111111111111", groups: new SecurityGroups(), subnets: new Subnets() },
  ...{ machines, images },
});
const cloud = await running([definition]);
for (const [name, value] of Object.entries({
  AWS_ENDPOINT_URL: cloud.url,
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: SECRET,
})) {
  vi.stubEnv(name, value);
}
const clock = new FakeClock(Date.parse("2026-11-23T12:00:00Z"));
const list = (region: string = HERE) => ec2Images(clock).list(region);
const take = ec2ImageTaking(clock, { region: HERE });
const copy = ec2ImageCopying(clock, { region: THERE });
const removing = (region: string) => ec2ImageRemoving(clock, { region });
const ec2 = new EC2Client(cloud.client(HERE));

machines.add(HERE, { id: "i-0a1b2c3d", disks: 2, tags: { Name: "acme", team: "a=b" } });
machines.add(HERE, { id: "i-0twins1", tags: { Name: "twin" } });
machines.add(HERE, { id: "i-0twins2", tags: { Name: "twin" } });
machines.add(HERE, { id: "i-0ended1", state: "terminated", tags: { Name: "ended" } });

let days = 0;
function order(instance = "acme") {
  days += 1;
  const tickMs = Date.parse("2026-11-01T03:00:00Z") + days * 86_400_000;
  const tags = tagsOf({ instance, schedules: ["versions"], tickMs });
  return { id: backupId(instance, tickMs), database: "i-0a1b2c3d", tags };
}
const available = (id: string, region: string = HERE) =>
  vi.waitFor(async () => {
    const found = (await list(region)).find((each) => each.id === id);
    expect(found?.status).toBe("available");
    return found;
  });

afterEach(() => {
  cutOff.clear();
  keys.enable(THERE, "alias/sla-backups");
});
afterAll(() => {
  vi.unstubAllEnvs();
  ec2.destroy();
  return cloud.server.close();
});

describe("taking an image", () => {
  it("is of the machine that has this id, tagged with all that it consists of", async () => {
    const one = order();
    expect(await take.take(one)).toEqual({ id: one.id, answer: "accepted" });
    const made = (await list()).find(({ id }) => id === one.id);
    expect(made).toMatchObject({ isCopy: false, tags: one.tags });
    const shown = await available(one.id);
    expect(shown && shelved(shown)).toMatchObject({ state: "available", isTimed: true });
    expect(images.snapshots(HERE).map(({ tags }) => tags)).toEqual([one.tags, one.tags]);
  });

  it("twice under one name is one image", async () => {
    const one = order();
    await take.take(one);
    expect(await take.take(one)).toMatchObject({
      answer: "already",
      said: expect.stringContaining("is already in use by AMI ami-"),
    });
  });

  it.each([
    ["Name=acme", "accepted", undefined],
    ["team=a=b", "accepted", undefined],
    ["Name=nobody", "refused", "eu-central-2: no machine is Name=nobody"],
    ["Name=ended", "refused", "eu-central-2: no machine is Name=ended"],
    ["i-0nobody1", "refused", "eu-central-2: no machine is i-0nobody1"],
    [
      "Name=twin",
      "refused",
      "eu-central-2: Name=twin is 2 machines (i-0twins1, i-0twins2): name one by its id, or give it a tag of its own",
    ],
  ])("of %s is %s", async (database, answer, said) => {
    const outcome = await take.take({ ...order("oak"), database });
    expect(outcome).toMatchObject({ answer, ...(said !== undefined && { said }) });
  });
});

describe("a copy of an image", () => {
  const copied = async () => {
    const one = order("birch");
    await take.take(one);
    const found = await available(one.id);
    const original = found && shelved(found);
    if (!original) throw new Error("it is ours");
    return { original, order: { id: one.id, from: HERE, tags: imageTagsOf(original) } };
  };

  it("is of the time of its original, encrypted by the key of its own region", async () => {
    const { original, order } = await copied();
    expect(await copy.copy(order)).toEqual({ id: original.id, answer: "accepted" });
    const shown = await available(original.id, THERE);
    const there = shown && shelved(shown);
    expect(there).toMatchObject({ isCopy: true, takenMs: original.takenMs, isTimed: true });
    const [disk] = images.snapshots(THERE);
    expect(disk?.key).toBe("alias/sla-backups");
    expect(await copy.copy(order)).toEqual({ id: original.id, answer: "already" });
  });

  it("of what is gone is nothing to do", async () => {
    const { order } = await copied();
    await removing(HERE).remove(order.id);
    expect(await copy.copy(order)).toMatchObject({ answer: "already", said: "the source is gone" });
  });

  it.each(["its key", "the other region"])("fails by %s, and is deleted then", async (what) => {
    const { original, order } = await copied();
    if (what === "its key") keys.disable(THERE, "alias/sla-backups");
    else cutOff.add(HERE);
    expect((await copy.copy(order)).answer).toBe("accepted");
    await vi.waitFor(async () => {
      const found = (await list(THERE)).find(({ id }) => id === original.id);
      expect(found?.status).toBe("failed");
    });
    const deletions = [{ id: original.id, instance: "birch", state: "failed" }] as const;
    const { outcomes } = await rotate({ deletions }, removing(THERE));
    expect(outcomes).toEqual([{ id: original.id, answer: "accepted" }]);
    expect((await list(THERE)).map(({ id }) => id)).not.toContain(original.id);
  });
});

describe("deleting an image", () => {
  it("takes its snapshots with it; again it is done already", async () => {
    const one = order("cedar");
    await take.take(one);
    await available(one.id);
    const before = images.snapshots(HERE).length;
    expect(await removing(HERE).remove(one.id)).toEqual({ id: one.id, answer: "accepted" });
    expect(images.snapshots(HERE)).toHaveLength(before - 2);
    expect(await removing(HERE).look(one.id)).toBeUndefined();
    expect(await removing(HERE).remove(one.id)).toEqual({ id: one.id, answer: "already" });
  });

  it("finds the snapshots that an earlier deletion left, once a newer image is there", async () => {
    const [one, next] = [order("elm"), order("elm")];
    await take.take(one);
    const { id } = (await available(one.id))
      ? (images.images(HERE).find(({ name }) => name === one.id) ?? { id: "" })
      : { id: "" };
    await ec2.send(new DeregisterImageCommand({ ImageId: id }));
    const leftOf = async () => (await list()).filter((each) => each.id === one.id);
    expect(await leftOf()).toEqual([]);
    expect(await removing(HERE).look(one.id)).toBeUndefined();
    await take.take(next);
    await available(next.id);
    expect(await leftOf()).toMatchObject([{ status: "failed", tags: one.tags }]);
    const deletions = [{ id: one.id, instance: "elm", state: "failed" }] as const;
    const { outcomes } = await rotate({ deletions }, removing(HERE));
    expect(outcomes).toEqual([{ id: one.id, answer: "accepted" }]);
    expect(await leftOf()).toEqual([]);
    expect((await available(next.id))?.status).toBe("available");
  });

  it("is refused of what somebody holds", async () => {
    const one = order("fir");
    await take.take(one);
    await available(one.id);
    const held = images.images(HERE).find(({ name }) => name === one.id);
    const Tags = [{ Key: TAGS.hold, Value: "audit" }];
    await ec2.send(new CreateTagsCommand({ Resources: [held?.id ?? ""], Tags }));
    const deletions = [{ id: one.id, instance: "fir", state: "available" }] as const;
    const { outcomes } = await rotate({ deletions }, removing(HERE));
    expect(outcomes).toMatchObject([{ answer: "refused" }]);
  });
});
