import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { vi } from "vitest";
import { pairedFiles } from "../../../functions/aws/paired-files.ts";
import { s3Papers, s3Replica } from "../../../functions/aws/s3-files.ts";
import { s3Source } from "../../../functions/aws/s3-filestore.ts";
import { s3Signer } from "../../../functions/aws/s3-signer.ts";
import { answerDownload, type Desk } from "../../../functions/download/answer.ts";
import { fetchBook } from "../../../functions/download/fetches.ts";
import { type LinkWish, type MadeLink, makeLink } from "../../../functions/download/links.ts";
import { filesBucket } from "../../../functions/files/contract.ts";
import { files } from "../../../functions/files/files.ts";
import type { FrozenCopy } from "../../../functions/freeze/contract.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { keyOf, requestTo } from "../../fakes/downloads.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const REGION = "eu-west-1";
const HERE = { account: "111111111111", region: REGION };
export const DUMP = Buffer.from("a dump".repeat(20_000));

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export const copyOf = (instance: string, backup = `sla-${instance}-1`): FrozenCopy => ({
  ...{ backup, takenAt: "2026-11-22T14:00:30.000Z", database: "erp" },
  dump: { key: keyOf(instance, backup), sha256: sha256(DUMP), bytes: DUMP.length },
  postgres: { server: "15.8", dumpedBy: "17.2" },
  retainUntil: "2027-03-22T04:00:00.000Z",
});

export type ArchiveDoor = Awaited<ReturnType<typeof archiveDoor>>;

/** S3 with files that were paired by what is deployed, and what answers links, at an address of this machine. */
export async function archiveDoor() {
  const service = s3Service({ secretAccessKey: SECRET });
  const cloud = await running([service.definition]);
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
  vi.stubEnv("AWS_REGION", REGION);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
  const replica = filesBucket(HERE.account, REGION);
  for (const bucket of ["hosting", "frozen"]) service.createBucket(bucket, REGION);
  service.createBucket(replica, REGION, { versioning: true });
  const clock = clockFrom({});
  const ledger = new MemoryLedger(REGION);
  const papers = s3Papers(clock, HERE);
  const found = pairedFiles(clock, HERE);
  const desk: Desk = {
    ...{ ledger, clock, note: fetchBook(ledger), signer: s3Signer(clock, "frozen") },
    files: s3Signer(clock, replica),
  };
  /** What goes wrong with an answer to a path behind the token; undefined: nothing does. */
  const faults: { of: (path: string) => number | undefined } = { of: () => undefined };
  /** Paths that were asked for. */
  const asked: string[] = [];

  async function answer(url: string, response: ServerResponse): Promise<void> {
    const path = url.split("?")[0] ?? "";
    const rest = path.split("/").slice(3).join("/");
    asked.push(rest);
    const status = faults.of(rest);
    if (status !== undefined) return void response.writeHead(status).end();
    const { statusCode, headers, body } = await answerDownload(requestTo(path), desk);
    response.writeHead(statusCode, headers).end(body);
  }
  const door = createServer((request, response) => void answer(request.url ?? "/", response));
  await new Promise<void>((done) => door.listen(0, "127.0.0.1", done));
  const page = `http://127.0.0.1:${(door.address() as AddressInfo).port}/`;

  return {
    ...{ clock, faults, asked, found, drop: papers.drop },

    put: (instance: string, key: string, text: string) =>
      service.putObject("hosting", `${instance}/${key}`, Buffer.from(text)),

    /** Something beside the replica. */
    write: (key: string, text: string) => service.putObject(replica, key, Buffer.from(text)),

    /** Freezes nothing but a dump, and pairs the files of now with it. */
    async take(instance: string, id: string) {
      const takenAt = clock.now().toISOString();
      const order = { instance, filestore: `s3://hosting/${instance}`, gone: [] };
      const ports = { clock, source: s3Source(clock, REGION), replica: s3Replica(clock, HERE) };
      await files({ orders: [{ ...order, backups: [{ id, takenAt }] }] }, { ...ports, papers });
      service.putObject("frozen", keyOf(instance, id), DUMP);
    },

    async link(instance: string, copy = copyOf(instance)): Promise<MadeLink> {
      const wish: LinkWish = {
        ...{ instance, copy, files: (await found(instance, copy.backup)) ?? "missing" },
        ...{ expiresSeconds: 3600, by: "test" },
        random: crypto.getRandomValues(new Uint8Array(32)),
      };
      return makeLink({ ledger, clock, page }, wish);
    },

    async close() {
      vi.unstubAllEnvs();
      door.close();
      await cloud.server.close();
    },
  };
}
