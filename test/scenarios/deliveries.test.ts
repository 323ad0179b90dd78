import { createHash } from "node:crypto";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import { SlaError } from "../../functions/kernel/errors.ts";
import type { SftpDestination } from "../../lib/sla/fleet.ts";
import { cloudpepperHigh } from "../../lib/sla/presets/cloudpepper-high.ts";
import { DeliverWorldInMemory } from "../fakes/deliver-world.ts";

const IDENTITY = await generateX25519Identity();
const RECIPIENT = await identityToRecipient(IDENTITY);
const TO: SftpDestination = {
  ...{ kind: "sftp", host: "backup.acme.example", port: 22, path: "/backups" },
  ...{ hostKey: [`SHA256:${"A".repeat(43)}`], secret: "acme/destination", recipient: RECIPIENT },
};
const FILE = "acme-2026-11-22T060000Z.dump.age";
const fileNameOf = (takenAt: string) =>
  `acme-${takenAt.slice(0, 19).replaceAll(":", "")}Z.dump.age`;
const sumOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const worldOf = (changes: Partial<SftpDestination> = {}) =>
  new DeliverWorldInMemory({ ...TO, ...changes });

async function opened(sealed: Uint8Array | undefined, opener: { passphrase?: string } = {}) {
  const decrypter = new Decrypter();
  if (opener.passphrase === undefined) decrypter.addIdentity(IDENTITY);
  else decrypter.addPassphrase(opener.passphrase);
  return decrypter.decrypt(sealed ?? new Uint8Array());
}

describe("a dump that was frozen", () => {
  it("is sent encrypted, with a manifest that says how to restore it, and written down", async () => {
    const world = worldOf();
    const copy = world.freeze(300_000);
    expect(await world.look()).toMatchObject({ sent: [{ backup: copy.backup }], removed: [] });
    expect(world.depot.names()).toEqual([FILE, `${FILE}.json`]);
    const sealed = world.depot.files.get(FILE) ?? Buffer.alloc(0);
    expect(sealed.includes("2026-11-22")).toBe(false);
    expect(sumOf(await opened(sealed))).toBe(copy.dump.sha256);
    expect(world.record(copy)).toEqual({
      ...{ instance: "acme", backup: copy.backup, takenAt: copy.takenAt, name: FILE },
      ...{ place: "sftp://backup.acme.example:22/backups", recipient: RECIPIENT, seconds: 0 },
      plain: { bytes: 300_000, sha256: copy.dump.sha256 },
      encrypted: { bytes: sealed.length, sha256: sumOf(sealed) },
      deliveredAt: "2026-11-22T06:00:00.000Z",
    });
    const manifest = JSON.parse(String(world.depot.files.get(`${FILE}.json`)));
    expect(manifest).toMatchObject({
      ...{ instance: "acme", backup: copy.backup, takenAt: copy.takenAt, file: FILE },
      encrypted: { sha256: sumOf(sealed), recipient: RECIPIENT },
      dump: { sha256: copy.dump.sha256, bytes: 300_000 },
    });
    expect(manifest.restore).toContain(`age -d -i KEY_FILE -o ${FILE.slice(0, -4)} ${FILE}`);
    expect(world.kinds()).toEqual([]);
  });

  it("opens with the passphrase of the secret where the customer has no key", async () => {
    const world = new DeliverWorldInMemory({ ...TO, recipient: undefined } as never);
    const passphrase = "seven-words-that-nobody-guesses";
    const secret = { username: "sla", password: "correct horse battery", passphrase };
    world.secrets.set("acme/destination", JSON.stringify(secret));
    const copy = world.freeze();
    await world.look();
    const plain = await opened(world.depot.files.get(FILE), { passphrase });
    expect(sumOf(plain)).toBe(copy.dump.sha256);
    expect(JSON.stringify(world.ledger.keys().map((key) => world.ledger.peek(key)))).not.toContain(
      passphrase,
    );
  }, 60_000);

  it("is sent once; the destination is left alone until there is another, but for a look a day", async () => {
    const world = worldOf();
    world.freeze();
    await world.look();
    for (let hour = 1; hour < 24; hour += 1) {
      await world.later(1);
      expect(await world.look()).toMatchObject({ rests: "all is there", sent: [] });
    }
    expect(world.depot.opened).toBe(1);
    await world.later(1);
    expect(await world.look()).toMatchObject({ sent: [] });
    expect(world.depot.opened).toBe(2);
    await world.nextWeek();
    expect((await world.look()).sent).toHaveLength(1);
    expect(world.depot.closed).toBe(world.depot.opened);
  });

  it("is sent again where it is no longer there, or is not whole", async () => {
    const world = worldOf();
    world.freeze();
    await world.look();
    for (const spoil of [
      () => world.depot.files.delete(FILE),
      () => world.depot.files.delete(`${FILE}.json`),
      () => world.depot.files.set(FILE, Buffer.alloc(7)),
    ]) {
      spoil();
      await world.later(25);
      expect((await world.look()).sent).toHaveLength(1);
      expect(sumOf(await opened(world.depot.files.get(FILE)))).toBe(world.copies[0]?.dump.sha256);
    }
  });

  it("is sent again to another place, or for another key", async () => {
    const world = worldOf();
    world.freeze();
    await world.look();
    world.move({ ...TO, path: "/elsewhere" });
    expect((await world.look()).sent).toMatchObject([
      { place: "sftp://backup.acme.example:22/elsewhere" },
    ]);
    const recipient = await identityToRecipient(await generateX25519Identity());
    world.move({ ...TO, path: "/elsewhere", recipient });
    expect((await world.look()).sent).toMatchObject([{ recipient }]);
  });

  it("of before the destination was named stays where it is, but for the newest", async () => {
    const world = worldOf();
    world.freeze();
    const newest = await world.nextWeek();
    expect((await world.look()).sent.map(({ backup }) => backup)).toEqual([newest.backup]);
  });

  it("that was missed meanwhile is sent afterwards, the newest first", async () => {
    const world = worldOf();
    world.freeze();
    await world.look();
    world.depot.fails = { at: "open", code: "DestinationUnreachable" };
    const missed = [await world.nextWeek()];
    await world.look();
    missed.unshift(await world.nextWeek());
    world.depot.fails = undefined;
    const { sent } = await world.look();
    expect(sent.map(({ backup }) => backup)).toEqual(missed.map(({ backup }) => backup));
    expect(world.state()?.last?.backup).toBe(missed[0]?.backup);
  });

  it("is sent by one of two that look at the same time", async () => {
    const world = worldOf();
    world.freeze();
    const reports = await Promise.all([world.look(), world.look()]);
    expect(reports.map(({ rests }) => rests ?? "sent").toSorted()).toEqual(["busy", "sent"]);
    expect(world.depot.opened).toBe(1);
  });

  it("is sent by the next look where one was broken off and told nobody", async () => {
    const world = worldOf();
    world.freeze();
    const under = world.world();
    const key = "delivering/acme.json";
    world.ledger.put(key, {
      ...{ instance: "acme", place: "sftp://backup.acme.example:22/backups" },
      busyUntil: under.until.toISOString(),
    });
    expect(await world.look()).toMatchObject({ rests: "busy" });
    await world.later(1);
    expect((await world.look()).sent).toHaveLength(1);
  });
});

describe("what lies at the destination", () => {
  it("of uploads that broke off is removed; what is not ours stays, whatever it is called", async () => {
    const world = worldOf();
    world.freeze();
    const others = [
      ...["acme-notes.part", "acme-2-2026-11-15T060000Z.dump.age.part", "acme-2026.dump.age"],
      ...["acme-2026-11-15T060000Z.dump.age.part.txt", "acme-2026-11-01T060000Z.dump.age"],
    ];
    for (const name of others) world.depot.files.set(name, Buffer.alloc(1));
    world.depot.files.set("acme-2026-11-15T060000Z.dump.age.part", Buffer.alloc(1));
    world.depot.files.set("acme-2026-11-15T060000Z.dump.age.json.part", Buffer.alloc(1));
    const { removed } = await world.look();
    expect(removed).toEqual([
      "acme-2026-11-15T060000Z.dump.age.part",
      "acme-2026-11-15T060000Z.dump.age.json.part",
    ]);
    expect(world.depot.names()).toEqual([...others, FILE, `${FILE}.json`].toSorted());
  });

  it("stays for ever where the fleet does not say how much is kept", async () => {
    const world = worldOf();
    world.freeze();
    for (let week = 0; week < 5; week += 1) {
      await world.look();
      await world.nextWeek();
    }
    await world.look();
    expect(world.depot.names()).toHaveLength(12);
  });

  it.each([1, 3])(
    "is kept to the newest %i of what we sent, and nothing else goes",
    async (newest) => {
      const world = worldOf({ keep: { newest } });
      world.depot.files.set("acme-2026-01-01T000000Z.dump.age", Buffer.alloc(1));
      world.freeze();
      await world.look();
      for (let week = 0; week < 5; week += 1) {
        await world.nextWeek();
        await world.look();
      }
      const kept = world.copies.slice(-newest).map((copy) => world.record(copy)?.name ?? "");
      expect(world.depot.names()).toEqual(
        [
          "acme-2026-01-01T000000Z.dump.age",
          ...kept.flatMap((name) => [name, `${name}.json`]),
        ].toSorted(),
      );
      const [first] = world.copies;
      expect(first && world.record(first)).toMatchObject({ removedAt: expect.any(String) });
      expect((await world.look()).sent).toEqual([]);
    },
  );

  it("is not rotated while what is newer has not arrived", async () => {
    const world = worldOf({ keep: { newest: 1 } });
    world.freeze();
    await world.look();
    await world.nextWeek();
    world.depot.fails = { at: "write", code: "DestinationFull" };
    await world.look();
    expect(world.depot.names()).toContain(FILE);
  });
});

describe("a destination that fails", () => {
  it.each([
    ["open", "LoginRefused", "it refuses our login"],
    ["open", "HostKeyUnknown", "another host key"],
    ["list", "DestinationMissing", "not there"],
    ["write", "DestinationFull", "it is full"],
    ["write", "DestinationDenied", "may not write"],
  ] as const)(
    "at %s with %s is told once, and once more when it is over",
    async (at, code, words) => {
      const world = worldOf();
      const copy = world.freeze();
      world.depot.fails = { at, code };
      for (let hour = 0; hour < 4; hour += 1) {
        expect(await world.look()).toMatchObject({ failure: { code }, sent: [] });
        await world.later(1);
      }
      expect(world.kinds()).toEqual(["delivery-troubled"]);
      expect(world.told[0]?.lines.join("\n")).toContain(words);
      expect(world.state()?.trouble).toMatchObject({ code, since: "2026-11-22T06:00:00.000Z" });
      expect(world.record(copy)).toBeUndefined();
      expect(world.depot.names().filter((name) => !name.endsWith(".part"))).toEqual([]);
      world.depot.fails = undefined;
      expect((await world.look()).sent).toHaveLength(1);
      expect(world.kinds()).toEqual(["delivery-troubled", "delivery-well"]);
      expect(world.state()).not.toHaveProperty("trouble");
    },
  );

  it("is told of after two hours where it may be no more than a restart", async () => {
    const world = worldOf();
    world.freeze();
    world.depot.fails = { at: "open", code: "DestinationUnreachable" };
    await world.look();
    await world.later(1);
    await world.look();
    expect(world.kinds()).toEqual([]);
    await world.later(1);
    await world.look();
    expect(world.kinds()).toEqual(["delivery-troubled"]);
  });

  it("and comes back before that, is told of to nobody", async () => {
    const world = worldOf();
    world.freeze();
    world.depot.fails = { at: "write", code: "UploadBroken" };
    await world.look();
    world.depot.fails = undefined;
    await world.later(1);
    await world.look();
    expect(world.kinds()).toEqual([]);
  });

  it("in another way than before is told again", async () => {
    const world = worldOf();
    world.freeze();
    world.depot.fails = { at: "open", code: "LoginRefused" };
    await world.look();
    world.depot.fails = { at: "write", code: "DestinationFull" };
    await world.later(1);
    await world.look();
    expect(world.told.map(({ occasion }) => occasion)).toEqual(["LoginRefused", "DestinationFull"]);
  });

  it("has its credentials in no mail, no record, no report, whatever it answers", async () => {
    const world = worldOf();
    world.freeze();
    world.depot.fails = { at: "write", code: "DestinationDenied" };
    const report = await world.look();
    const all = JSON.stringify([report, world.told, world.state()]);
    expect(all).toContain("refused, with *** and more: write");
    expect(all).not.toContain("correct horse");
  });

  it("is the customer's, and the mail says whether the plan leaves it out", async () => {
    const excused = new DeliverWorldInMemory(TO, { ...cloudpepperHigh, name: "quick" });
    const bound = worldOf();
    for (const world of [excused, bound]) {
      world.freeze();
      world.depot.fails = { at: "open", code: "LoginRefused" };
      await world.look();
    }
    expect(excused.told[0]?.lines.join("\n")).toContain("this breaks no promise");
    expect(bound.told[0]?.lines.join("\n")).toContain("does not leave such failures out");
  });

  it("takes no more of an invocation than there is: it is told, and tried again after a day", async () => {
    const world = worldOf();
    world.freeze();
    world.depot.hangs = true;
    const looking = world.look();
    await expect.poll(() => world.depot.names()).toContain(`${FILE}.part`);
    world.end();
    expect(await looking).toMatchObject({
      failure: {
        code: "DeliveryTooSlow",
        detail: expect.stringMatching(/^0 of \d+ bytes of acme-/),
      },
    });
    expect(world.kinds()).toEqual(["delivery-troubled"]);
    world.depot.hangs = false;
    await world.later(23);
    expect(await world.look()).toMatchObject({ rests: "too slow yesterday" });
    await world.later(1);
    expect((await world.look()).sent).toHaveLength(1);
    expect(world.depot.names()).toEqual([FILE, `${FILE}.json`]);
  });
});

describe("what is ours to mend", () => {
  const secretOf = (text: string | undefined) => {
    const world = worldOf();
    world.freeze();
    if (text === undefined) world.secrets.clear();
    else world.secrets.set("acme/destination", text);
    return world;
  };

  it.each([
    [undefined, "SecretMissing"],
    ["", "SecretMalformed"],
    ["hunter2", "SecretMalformed"],
    ["null", "SecretMalformed"],
    ["[]", "SecretMalformed"],
    ['{"username": "sla"}', "SecretMalformed"],
    ['{"username": 7, "password": "x"}', "SecretMalformed"],
    ['{"password": "correct horse"}', "SecretMalformed"],
    ['{"accessKeyId": "AKIA", "secretAccessKey": "x"}', "SecretMalformed"],
  ])("a secret like %j is told, and nothing of it", async (text, code) => {
    const world = secretOf(text);
    const report = await world.look();
    expect(report).toMatchObject({ failure: { code } });
    expect(JSON.stringify([report, world.told])).not.toMatch(/hunter2|correct horse|AKIA/);
    expect(world.told[0]?.lines.join("\n")).not.toContain("promise");
    expect(world.depot.opened).toBe(0);
  });

  it("a passphrase that could be guessed is refused", async () => {
    const world = new DeliverWorldInMemory({ ...TO, recipient: undefined } as never);
    const secret = { username: "sla", password: "x", passphrase: "monday" };
    world.secrets.set("acme/destination", JSON.stringify(secret));
    expect(await world.look()).toMatchObject({
      failure: { code: "SecretMalformed", detail: expect.stringContaining("16 characters") },
    });
  });

  it.each([
    ["is cut", (dump: Buffer) => dump.subarray(0, -1)],
    [
      "has a bit that fell over",
      (dump: Buffer) => Buffer.concat([dump.subarray(1), Buffer.from("x")]),
    ],
  ])("a dump that %s on its way is never kept there", async (_how, spoil) => {
    const world = worldOf();
    const { dump } = world.freeze();
    world.dumps.set(dump.key, spoil(world.dumps.get(dump.key) ?? Buffer.alloc(0)));
    expect(await world.look()).toMatchObject({ failure: { code: "DumpBroken" } });
    expect(world.depot.names()).toEqual([`${FILE}.part`]);
  });

  it("a broken dump is passed over and told once; those behind it are sent, and old ones removed", async () => {
    const world = worldOf({ keep: { newest: 2 } });
    world.freeze();
    await world.look();
    world.depot.fails = { at: "list", code: "DestinationUnreachable" };
    const second = await world.nextWeek();
    await world.look();
    const spoilt = await world.nextWeek();
    const whole = world.dumps.get(spoilt.dump.key) ?? Buffer.alloc(0);
    world.dumps.set(spoilt.dump.key, whole.subarray(1));
    world.depot.fails = undefined;
    const first = await world.look();
    expect(first).toMatchObject({
      ...{ sent: [{ backup: second.backup }], broken: [spoilt.backup] },
      failure: {
        code: "DumpBroken",
        detail: expect.stringMatching(/^1 dump is passed over: acme/),
      },
    });
    const third = await world.nextWeek();
    expect(await world.look()).toMatchObject({
      ...{
        sent: [{ backup: third.backup }],
        removed: [`${fileNameOf(spoilt.takenAt)}.part`, FILE],
      },
      failure: { code: "DumpBroken" },
    });
    for (let hour = 1; hour < 24; hour += 1) {
      await world.later(1);
      expect(await world.look()).toMatchObject({ rests: "all is there" });
    }
    expect(world.kinds().filter((kind) => kind === "delivery-troubled")).toHaveLength(1);
    expect(world.told.at(-1)?.lines.join(" ")).toContain("Others are sent");
    world.dumps.set(spoilt.dump.key, whole);
    await world.later(1);
    await world.look();
    expect(world.kinds().at(-1)).toBe("delivery-well");
    expect(world.state()).not.toHaveProperty("broken");
  });

  it("another broken dump is told as well, and the newest one does not knock every hour", async () => {
    const world = worldOf();
    const spoil = ({ dump }: { readonly dump: { readonly key: string } }) =>
      world.dumps.set(dump.key, Buffer.from("spoilt"));
    spoil(world.freeze());
    await world.look();
    const opened = world.depot.opened;
    await world.later(1);
    expect(await world.look()).toMatchObject({ rests: "all is there" });
    expect(world.depot.opened).toBe(opened);
    const next = await world.nextWeek();
    spoil(next);
    const report = await world.look();
    expect(report.broken).toContain(next.backup);
    expect(world.kinds()).toEqual(["delivery-troubled", "delivery-troubled"]);
    expect(new Set(world.told.map(({ occasion }) => occasion)).size).toBe(2);
  });

  it("an error of ours ends the look as an error, and holds up nobody after it", async () => {
    const world = worldOf();
    world.freeze();
    const broken = { ...world.world() };
    broken.shelf.open = async () => {
      throw new SlaError("CloudUnreachable", "cloud", "no answer");
    };
    const { deliver } = await import("../../functions/deliver/deliver.ts");
    await expect(deliver(broken, "acme")).rejects.toMatchObject({ code: "CloudUnreachable" });
    expect(world.kinds()).toEqual([]);
    expect((await world.look()).sent).toHaveLength(1);
  });
});
