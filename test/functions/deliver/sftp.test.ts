import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SftpLogin } from "../../../functions/deliver/credentials.ts";
import { openSftp } from "../../../functions/deliver/sftp.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { freshKeys } from "../../../lib/local-cloud/sftp/fresh-keys.ts";
import type { SftpDestination } from "../../../lib/sla/fleet.ts";
import { type SftpOptions, SftpServer } from "../../fakes/sftp-server.ts";

const NAME = "acme-2026-11-22T030000Z.dump.age";
const PASSWORD: SftpLogin = { kind: "sftp", username: "sla", password: "correct horse" };
const clock = clockFrom({});

let server: SftpServer;
let port = 0;
beforeEach(async () => {
  server = new SftpServer();
  port = await server.listen();
});
afterEach(() => server.close());

const open = (changes: Partial<SftpDestination> = {}, login = PASSWORD, signal = never()) => {
  const destination: SftpDestination = {
    ...{ kind: "sftp", host: "127.0.0.1", port, path: "/backups", secret: "acme/destination" },
    ...{ hostKey: [server.hostKey], ...changes },
  };
  return openSftp(destination, login, { clock, signal });
};
const never = () => new AbortController().signal;

async function* inChunks(bytes: Buffer, size = 65_552) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function write(bytes: Buffer, options: SftpOptions = {}, stated = bytes.length) {
  server.options = options;
  const depot = await open();
  const file = { name: NAME, bytes: stated, content: inChunks(bytes), signal: never() };
  const outcome = await depot.write(file).catch((cause: unknown) => cause);
  depot.close();
  return outcome;
}

describe("an SFTP server", () => {
  it("takes a file of some megabytes, byte for byte, and nothing is called otherwise afterwards", async () => {
    const bytes = randomBytes(9_000_001);
    expect(await write(bytes)).toBeUndefined();
    expect(server.names()).toEqual([NAME]);
    expect(server.files.get(NAME)?.equals(bytes)).toBe(true);
  });

  it("replaces what lies there under the name", async () => {
    await write(Buffer.from("of last week"));
    expect(await write(Buffer.from("of now"))).toBeUndefined();
    expect([server.names(), String(server.files.get(NAME))]).toEqual([[NAME], "of now"]);
  });

  it("lets in a key as well as a password", async () => {
    const { private: privateKey } = server.customerKey;
    const depot = await open({}, { kind: "sftp", username: "sla", privateKey });
    expect(await depot.list("acme-")).toEqual([]);
    depot.close();
  });

  it("lists what begins so, with its size, and nothing else", async () => {
    server.files.set("acme-one", Buffer.alloc(7));
    server.files.set("birch-one", Buffer.alloc(8));
    const depot = await open();
    expect(await depot.list("acme-")).toEqual([{ name: "acme-one", bytes: 7 }]);
    await depot.remove("acme-one");
    await depot.remove("acme-one");
    expect(server.names()).toEqual(["birch-one"]);
    depot.close();
  });
});

describe("an SFTP server that fails", () => {
  const failing = (call: Promise<unknown>) => call.then(String, (cause: unknown) => cause);

  it("with another host key is sent nothing, no password either", async () => {
    const other = `SHA256:${"A".repeat(43)}`;
    expect(await failing(open({ hostKey: [other, other] }))).toMatchObject({
      code: "HostKeyUnknown",
      message: expect.stringContaining(
        `shows the key ${server.hostKey}, the fleet names ${other}, ${other}`,
      ),
    });
    expect([server.tried, server.logins]).toEqual([[], 0]);
  });

  it.each<[string, SftpLogin]>([
    ["the password", { ...PASSWORD, password: "wrong" }],
    ["the user", { ...PASSWORD, username: "root" }],
    ["the key", { kind: "sftp", username: "sla", privateKey: freshKeys().private }],
  ])("refuses %s", async (_what, login) => {
    expect(await failing(open({}, login))).toMatchObject({ code: "LoginRefused" });
  });

  it.each([
    "no key at all",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
  ])("is not even asked with %j for a key", async (privateKey) => {
    const failed = await failing(open({}, { kind: "sftp", username: "sla", privateKey }));
    expect(failed).toMatchObject({ code: "SecretMalformed" });
    expect(String(failed)).not.toContain("AAAA");
  });

  it("is not there", async () => {
    await server.close();
    expect(await failing(open())).toMatchObject({ code: "DestinationUnreachable" });
    expect(await failing(open({ host: "nowhere.invalid" }))).toMatchObject({
      code: "DestinationUnreachable",
    });
  });

  it("has no such directory", async () => {
    const depot = await open({ path: "/elsewhere" });
    expect(await failing(depot.list("acme-"))).toMatchObject({
      code: "DestinationMissing",
      message: expect.stringContaining("/elsewhere"),
    });
    depot.close();
  });

  const MB = randomBytes(1_000_000);
  it.each<[string, SftpOptions, string]>([
    ["is full in the middle", { capacity: 300_000 }, "DestinationFull"],
    ["may not be written to", { readOnly: true }, "DestinationDenied"],
    ["is cut off in the middle", { cutAfter: 300_000 }, "DestinationUnreachable"],
    ["loses the end", { loses: 1 }, "UploadBroken"],
  ])("that %s keeps nothing under the name", async (_how, options, code) => {
    expect(await write(MB, options)).toMatchObject({ code });
    expect(server.files.has(NAME)).toBe(false);
  });

  it("is not left with a file of another length than was said", async () => {
    expect(await write(MB, {}, MB.length + 1)).toMatchObject({ code: "UploadBroken" });
    expect(server.files.has(NAME)).toBe(false);
  });

  it("keeps nothing of what breaks off on our side", async () => {
    const depot = await open();
    async function* broken() {
      yield MB;
      throw new RangeError("the dump is not what it should be");
    }
    const file = { name: NAME, bytes: MB.length, content: broken(), signal: never() };
    await expect(depot.write(file)).rejects.toThrow(RangeError);
    expect(server.names()).not.toContain(NAME);
    depot.close();
  });

  it("is hung up on when nobody may wait any more", async () => {
    server.options = { hangs: true };
    const ends = new AbortController();
    const depot = await open({}, PASSWORD, ends.signal);
    const file = { name: NAME, bytes: MB.length, content: inChunks(MB), signal: ends.signal };
    const written = failing(depot.write(file));
    await expect.poll(() => server.names()).toContain(`${NAME}.part`);
    ends.abort();
    expect(await written).toMatchObject({ code: "DestinationUnreachable" });
    depot.close();
  });
});
