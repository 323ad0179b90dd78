import { describe, expect, it } from "vitest";
import { SecurityGroups } from "../../../lib/local-cloud/ec2/security-groups.ts";
import { Subnets } from "../../../lib/local-cloud/ec2/subnets.ts";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { encryptionOf, replicaContents } from "../../../lib/local-cloud/rds/encryption.ts";
import { EventBook } from "../../../lib/local-cloud/rds/event-book.ts";
import { checkNetwork } from "../../../lib/local-cloud/rds/found.ts";
import type { Instance } from "../../../lib/local-cloud/rds/instance.ts";
import { Inventory } from "../../../lib/local-cloud/rds/inventory.ts";
import { Mishaps } from "../../../lib/local-cloud/rds/mishaps.ts";
import { SubnetGroups } from "../../../lib/local-cloud/rds/subnet-group-book.ts";
import { checkedTags } from "../../../lib/local-cloud/rds/tag-rules.ts";
import type { World } from "../../../lib/local-cloud/rds/world.ts";
import { NOTES } from "./notes.ts";

const [HOME, AWAY] = ["eu-central-2", "eu-central-1"];
const key = (region: string) => `arn:aws:kms:${region}:111111111111:key/1`;
const world = { account: "111111111111", mishaps: new Mishaps() } as unknown as World;

describe("a replica, as RDS takes it", () => {
  const source = (encrypted: boolean) =>
    ({
      region: HOME,
      contents: { encrypted, ...(encrypted && { kmsKey: key(HOME) }) },
    }) as unknown as Instance;

  it.each([
    ["of an encrypted source elsewhere without a key", AWAY, true, undefined, "unencrypted read"],
    ["of an unencrypted source with a key", AWAY, false, key(AWAY), "from an unencrypted source"],
    ["with a key of another region", AWAY, true, key(HOME), "does not exist in eu-central-1"],
  ])("%s is refused", (_what, region, encrypted, kmsKey, words) => {
    expect(() => replicaContents(world, region, source(encrypted), kmsKey)).toThrow(words);
  });

  it("has its own key elsewhere, in the same region that of its source", () => {
    const made = (region: string, encrypted: boolean, kmsKey?: string) =>
      replicaContents(world, region, source(encrypted), kmsKey);
    expect(made(AWAY, true, key(AWAY))).toEqual({ encrypted: true, kmsKey: key(AWAY) });
    expect(made(AWAY, true, "alias/aws/rds")).toMatchObject({ kmsKey: "alias/aws/rds" });
    expect(made(HOME, true)).toEqual({ encrypted: true, kmsKey: key(HOME) });
    expect(made(AWAY, false)).toEqual({ encrypted: false });
  });
});

it("an instance that is encrypted always has a key, one that is not has none", () => {
  expect(encryptionOf(world, HOME, true, undefined).kmsKey).toMatch(/^arn:aws:kms:eu-central-2:/);
  expect(encryptionOf(world, HOME, false, undefined)).toEqual({ encrypted: false });
  expect(() => encryptionOf(world, HOME, false, key(HOME))).toThrow("set StorageEncrypted");
});

describe("tags", () => {
  it.each(NOTES)("%s is taken", (Key, Value) => {
    expect(checkedTags("acme-db", [{ Key, Value }])).toEqual([{ Key, Value }]);
  });

  it.each([
    ["a sign that AWS has not", { Key: "note", Value: "a=1,b=2" }, "letters, digits"],
    ["an empty key", { Key: "", Value: "x" }, "1 to 128 in a key"],
    ["a long value", { Key: "note", Value: "x".repeat(257) }, "at most 256"],
    ["the prefix of AWS", { Key: "aws:note", Value: "x" }, "reserved prefix"],
  ])("%s is refused", (_what, tag, words) => {
    expect(() => checkedTags("acme-db", [tag])).toThrow(words);
  });

  it("are fifty at most", () => {
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
    expect(checkedTags("acme-db", many.slice(1))).toHaveLength(50);
    expect(() => checkedTags("acme-db", many)).toThrow("at most 50");
  });
});

describe("security groups", () => {
  const groups = new SecurityGroups();
  const subnets = new Subnets();
  subnets.describe(HOME, "vpc-2", ["subnet-2a", "subnet-2b"]);
  const subnetGroups = new SubnetGroups(subnets);
  subnetGroups.put(HOME, "theirs", "", ["subnet-2a", "subnet-2b"]);
  groups.create(HOME, "sg-2", { vpc: "vpc-2" });
  groups.create(HOME, "sg-9", { vpc: "vpc-9" });
  const check = (subnetGroup: string, id: string) =>
    checkNetwork({ groups, subnetGroups } as unknown as World, HOME, subnetGroup, [
      { id, status: "active" },
    ]);

  it("are of the VPC in which the instance is", () => {
    expect(() => check("theirs", "sg-9")).toThrow(
      "in vpc-2 and the EC2 security group is in vpc-9",
    );
    check("theirs", "sg-2");
    // Nobody has said of which VPC a region's default subnet group is.
    check("default", "sg-9");
  });
});

it("a region has no room for more than forty instances", () => {
  const log = new EventLog();
  const inventory = new Inventory(log, new EventBook());
  for (let index = 0; index < 40; index += 1) {
    inventory.checkRoom(HOME);
    inventory.add({ region: HOME, id: `db-${index}`, status: "available" } as unknown as Instance);
  }
  expect(() => inventory.checkRoom(HOME)).toThrow("more than 40 DB instances in eu-central-2");
  inventory.checkRoom(AWAY);
});
