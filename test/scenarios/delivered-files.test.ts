import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import type { BucketDestination } from "../../lib/sla/fleet.ts";
import { DeliverWorldInMemory } from "../fakes/deliver-world.ts";

const IDENTITY = await generateX25519Identity();
const TO: BucketDestination = {
  ...{ kind: "s3", bucket: "acme-backups", region: "eu-west-3", prefix: "", files: true },
  ...{ secret: "acme/destination", recipient: await identityToRecipient(IDENTITY) },
};
const DUMP = "acme-2026-11-22T060000Z.dump.age";
const FILES = "acme-2026-11-22T060000Z.files.tar.age";
const CONTENT = {
  "filestore/ab/abcdef": Buffer.from("one"),
  "filestore/Übersicht.pdf": Buffer.alloc(2_000_000, "two"),
};

const worldOf = (changes: Partial<BucketDestination> = {}) => {
  const world = new DeliverWorldInMemory({ ...TO, ...changes });
  const login = { accessKeyId: "AKIAACME", secretAccessKey: "correct horse battery" };
  world.secrets.set("acme/destination", JSON.stringify(login));
  return world;
};
const withFiles = (world: DeliverWorldInMemory, files: Record<string, Buffer> = CONTENT) => {
  const copy = world.freeze();
  world.files.set(copy.backup, files);
  return copy;
};

/** As their manifest says it is done. */
async function unpacked(sealed: Uint8Array | undefined, key: string): Promise<Buffer> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(IDENTITY);
  const directory = mkdtempSync(join(tmpdir(), "files-"));
  try {
    writeFileSync(join(directory, "a.tar"), await decrypter.decrypt(sealed ?? new Uint8Array()));
    execFileSync("tar", ["-xf", "a.tar"], { cwd: directory });
    return readFileSync(join(directory, "files", key));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("the files of a dump", () => {
  it("are sent beside it as one archive that the tar of any machine opens, with a manifest", async () => {
    const world = worldOf();
    const copy = withFiles(world);
    expect(await world.look()).toMatchObject({ sent: [{}], files: { name: FILES, count: 2 } });
    expect(world.depot.names()).toEqual([DUMP, `${DUMP}.json`, FILES, `${FILES}.json`]);
    const sealed = world.depot.files.get(FILES);
    for (const [key, content] of Object.entries(CONTENT)) {
      expect((await unpacked(sealed, key)).equals(content)).toBe(true);
    }
    const manifest = JSON.parse(String(world.depot.files.get(`${FILES}.json`)));
    expect(manifest).toMatchObject({
      ...{ backup: copy.backup, file: FILES, filesAt: "2026-11-22T06:01:00.000Z" },
      archive: { files: 2, content: 2_000_003, below: "files/" },
    });
    expect(manifest.restore).toContain(`tar -xf ${FILES.slice(0, -4)}`);
    expect(world.record(copy)?.files?.encrypted.bytes).toBe(sealed?.length);
    expect(await world.look()).toMatchObject({ rests: "all is there" });
  });

  it("follow once it is written which they are, and nobody's door is knocked at before", async () => {
    const world = worldOf();
    const copy = world.freeze();
    await world.look();
    await world.later(1);
    expect(await world.look()).toMatchObject({ rests: "all is there" });
    world.files.set(copy.backup, CONTENT);
    expect(await world.look()).toMatchObject({ sent: [], files: { count: 2 } });
    expect(world.depot.opened).toBe(2);
  });

  it("are not sent where nobody asked for them", async () => {
    const world = worldOf();
    const { files: _, ...without } = TO;
    world.move(without);
    withFiles(world);
    await world.look();
    expect(world.depot.names()).toEqual([DUMP, `${DUMP}.json`]);
  });

  it("go with their dump when newer ones stand in for it", async () => {
    const world = worldOf({ keep: { newest: 1 } });
    withFiles(world);
    await world.look();
    const newest = await world.nextWeek();
    world.files.set(newest.backup, CONTENT);
    await world.look();
    expect(world.depot.names().filter((name) => name.startsWith("acme-2026-11-22"))).toEqual([]);
    expect(world.depot.names()).toHaveLength(4);
  });
});

describe("files that cannot be sent", () => {
  it("are told, tried again after a day, and hold up no dump", async () => {
    const world = worldOf();
    withFiles(world, { "gone.txt": Buffer.from("1") });
    expect(await world.look()).toMatchObject({ sent: [{}], failure: { code: "FilesBroken" } });
    expect(world.depot.names().filter((name) => !name.endsWith(".part"))).toEqual([
      DUMP,
      `${DUMP}.json`,
    ]);
    expect(world.told[0]?.lines.join("\n")).toContain("Dumps of the database arrive all the same");
    await world.later(6);
    withFiles(world, { "gone.txt": Buffer.from("1") });
    const second = await world.look();
    expect(second).toMatchObject({ sent: [{}], failure: { code: "FilesBroken" } });
    expect(second.sent).toHaveLength(1);
    expect(world.kinds()).toEqual(["delivery-troubled"]);
    await world.later(19);
    withFiles(world);
    expect(await world.look()).toMatchObject({ files: { count: 2 } });
    expect(world.kinds()).toEqual(["delivery-troubled", "delivery-well"]);
    expect(world.state()).not.toHaveProperty("filesTriedAt");
  });

  it("in the time of one invocation rest for a day; dumps do not", async () => {
    const world = worldOf();
    const copy = world.freeze();
    await world.look();
    world.files.set(copy.backup, CONTENT);
    world.depot.hangs = true;
    const looking = world.look();
    await expect.poll(() => world.depot.names()).toContain(`${FILES}.part`);
    world.end();
    expect(await looking).toMatchObject({ failure: { code: "FilesTooSlow" } });
    world.depot.hangs = false;
    await world.later(1);
    expect(await world.look()).toMatchObject({ rests: "all is there" });
    await world.later(6);
    withFiles(world);
    const next = await world.look();
    expect(next.sent).toHaveLength(1);
    expect(next).not.toHaveProperty("files");
    expect(world.kinds()).toEqual(["delivery-troubled"]);
  });

  it("wait for the next invocation where the dump has taken the time of this one", async () => {
    const world = worldOf();
    withFiles(world, { big: Buffer.alloc(3_000_000) });
    world.depot.takes = () => world.clock.wait(100);
    expect(await world.look()).toMatchObject({ sent: [{}], unfinished: true });
    expect(await world.look()).toMatchObject({ sent: [], files: { count: 1 } });
    expect(world.kinds()).toEqual([]);
  });
});
