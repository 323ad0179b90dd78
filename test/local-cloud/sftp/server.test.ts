import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, type SFTPWrapper } from "ssh2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSftp } from "../../../functions/deliver/sftp.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { type LocalSftp, startSftp } from "../../../lib/local-cloud/sftp/server.ts";

const NAME = "acme-2026-11-22T030000Z.dump.age";
const clock = clockFrom({});
const signal = new AbortController().signal;

let root = "";
let server: LocalSftp;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "sftp-"));
  server = await startSftp({ directory: join(root, "dumps"), port: 0 });
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const depot = (changes: { readonly password?: string; readonly hostKey?: string } = {}) => {
  const { address: host, port, username } = server;
  const { password = server.password, hostKey = server.hostKey } = changes;
  const to = { kind: "sftp", host, port, path: "/", secret: "acme/destination" } as const;
  return openSftp(
    { ...to, hostKey: [hostKey] },
    { kind: "sftp", username, password },
    { clock, signal },
  );
};

/** What a person's own client does. */
async function withClient<T>(work: (sftp: SFTPWrapper) => Promise<T>): Promise<T> {
  const client = new Client();
  const { promise, resolve, reject } = Promise.withResolvers<SFTPWrapper>();
  client.on("error", reject).on("ready", () => {
    client.sftp((cause, sftp) => (cause ? reject(cause) : resolve(sftp)));
  });
  client.connect({ ...server, host: server.address });
  try {
    return await work(await promise);
  } finally {
    client.end();
  }
}

const asked = <T>(ask: (done: (cause: Error | null | undefined, value?: T) => void) => void) => {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  ask((cause, value) => (cause ? reject(cause) : resolve(value as T)));
  return promise;
};

describe("the SFTP server of a laptop", () => {
  it("takes what is delivered, whole and under its name, and says what lies there", async () => {
    const bytes = randomBytes(3_000_001);
    const to = await depot();
    const content = (async function* () {
      for (let at = 0; at < bytes.length; at += 65_552) yield bytes.subarray(at, at + 65_552);
    })();
    await to.write({ name: NAME, bytes: bytes.length, content, signal });
    expect(readFileSync(join(root, "dumps", NAME)).equals(bytes)).toBe(true);
    expect(await to.list("acme-")).toEqual([{ name: NAME, bytes: bytes.length }]);
    await to.remove(NAME);
    await to.remove(NAME);
    expect(await to.list("")).toEqual([]);
    to.close();
  });

  it("gives a person their file back, and no more than that is there", async () => {
    writeFileSync(join(root, "dumps", NAME), "sealed");
    writeFileSync(join(root, "outside"), "somebody's");
    const [text, names] = await withClient((sftp) =>
      Promise.all([
        asked<Buffer>((done) => sftp.readFile(`/${NAME}`, done)),
        asked<{ filename: string }[]>((done) => sftp.readdir("/", done as never)),
      ]),
    );
    expect(String(text)).toBe("sealed");
    expect(names.map(({ filename }) => filename)).toEqual([NAME]);
    for (const path of ["/../outside", "/.sftp-password", "/x/../.sftp-host-key", "/none"]) {
      const read = withClient((sftp) => asked((done) => sftp.readFile(path, done)));
      await expect(read).rejects.toThrow();
    }
  });

  it("gives no name away that is taken", async () => {
    writeFileSync(join(root, "dumps", "a"), "1");
    writeFileSync(join(root, "dumps", "b"), "2");
    const renamed = withClient((sftp) => asked((done) => sftp.rename("/a", "/b", done)));
    await expect(renamed).rejects.toThrow("/b is there");
    expect(readFileSync(join(root, "dumps", "b"), "utf8")).toBe("2");
  });

  it("has the same key and password the next time, which only its owner can read", async () => {
    const { hostKey, password } = server;
    await server.close();
    server = await startSftp({ directory: join(root, "dumps"), port: 0 });
    expect(server).toMatchObject({ hostKey, password });
    expect(hostKey).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    for (const name of readdirSync(join(root, "dumps"))) {
      expect(statSync(join(root, "dumps", name)).mode & 0o077).toBe(0);
    }
  });

  it("lets in nobody else, and is taken for nobody else", async () => {
    await expect(depot({ password: "guessed" })).rejects.toMatchObject({ code: "LoginRefused" });
    const other = `SHA256:${"A".repeat(43)}`;
    await expect(depot({ hostKey: other })).rejects.toMatchObject({ code: "HostKeyUnknown" });
  });

  it("says in one line why it cannot be had", async () => {
    const { port } = server;
    await expect(startSftp({ directory: join(root, "more"), port })).rejects.toThrow(
      `the SFTP server cannot listen on 127.0.0.1:${port}: something else listens there; choose another port with --sftp-port`,
    );
    writeFileSync(join(root, "dumps", ".sftp-host-key"), "scribble");
    await expect(startSftp({ directory: join(root, "dumps"), port: 0 })).rejects.toThrow(
      /\.sftp-host-key is no key of SSH: remove it/,
    );
  });
});
