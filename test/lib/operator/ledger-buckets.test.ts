import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import { sealDays } from "../../../functions/report/seal-days.ts";
import type { RoundRecord } from "../../../functions/watch/contract.ts";
import { register as report } from "../../../lib/cli/report.ts";
import { register as verify } from "../../../lib/cli/verify.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { copiesAt } from "../../../lib/operator/ledger-copies.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const SITE = "eu-central-1";
const OTHER = "eu-west-1";
const directory = mkdtempSync(join(tmpdir(), "ledger-buckets-"));
const s3 = s3Service({ secretAccessKey: SECRET });
const cloud = await running([s3.definition]);
afterAll(async () => {
  await cloud.server.close();
  rmSync(directory, { recursive: true });
});

const bucketOf = (region: string) => `sla-ledger-111111111111-${region}`;
const FROZEN = `sla-frozen-222222222222-${OTHER}`;
const BUCKETS = [bucketOf(SITE), bucketOf(OTHER), FROZEN].map((name) => `s3://${name}`).join(",");

function recordAt(at: string, verdict: "up" | "down"): RoundRecord {
  const votes = verdict === "up" ? { a: "good", b: "good" } : { a: "bad", b: "bad" };
  const row = { epoch: 1, verdict, votes, database: "unknown" } as const;
  const looks = [{ slot: at, instances: { acme: row } }];
  return { shard: "s00", site: SITE, scheduledTime: at, looks } as RoundRecord;
}

/** Days of a site, sealed, carried and frozen; one has an outage, the last is not sealed. */
async function ledgers() {
  const [ledger, mirror, vault] = [SITE, OTHER, "frozen"].map((name) => new MemoryLedger(name));
  if (!ledger || !mirror || !vault) throw new Error("three were made");
  for (const day of ["01", "02", "03", "04"]) {
    for (const minute of ["00", "01", "02"]) {
      const verdict = day === "03" && minute === "01" ? "down" : "up";
      const record = recordAt(`2026-10-${day}T10:${minute}:00.000Z`, verdict);
      ledger.put(keys.round(record.scheduledTime, "s00"), record);
    }
  }
  const fleet = fleetOf([instance("acme")]);
  for (const now of ["2026-10-02T00:16:00Z", "2026-10-04T00:16:00Z"]) {
    const clock = { now: () => new Date(now) };
    const places = {
      mirror: { name: OTHER, keeper: mirror },
      vault: { name: FROZEN, keeper: vault },
    };
    await sealDays({ ...{ site: SITE, ledger, ...places, clock }, fleet });
  }
  return { [SITE]: ledger, [OTHER]: mirror, frozen: vault };
}

const COPIES = "copies-of-all";

/** The same in buckets, in a bucket of copies and in directories, written at the same instants. */
beforeAll(async () => {
  s3.createBucket(COPIES, "us-east-1");
  for (const [name, ledger] of Object.entries(await ledgers())) {
    const bucket = name === "frozen" ? FROZEN : bucketOf(name);
    s3.createBucket(bucket, name === "frozen" ? OTHER : name);
    for (const key of ledger.keys()) {
      const json = Buffer.from(JSON.stringify(ledger.peek(key)));
      const bytes = key.endsWith(".gz") ? gzipSync(json) : json;
      s3.putObject(bucket, key, bytes);
      s3.putObject(COPIES, `2026/${name}/${key}`, bytes);
      const path = join(directory, name, key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    await sameTimes(bucket, name);
  }
});

async function sameTimes(bucket: string, name: string): Promise<void> {
  const client = new S3Client(cloud.client(name === "frozen" ? OTHER : name));
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  for (const { Key = "", LastModified = new Date(0) } of Contents) {
    utimesSync(join(directory, name, Key), LastModified, LastModified);
  }
  client.destroy();
}

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(process.stdout, "write").mockImplementation((part) => printed.push(String(part)) > 0);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
  vi.stubEnv("AWS_REGION", "eu-north-1");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

async function sla(...argv: string[]): Promise<string> {
  const program = new Command("sla").exitOverride();
  report(program);
  verify(program);
  printed.length = 0;
  await program.parseAsync(["node", "sla", ...argv, "--fleet", "examples/fleet.yaml"]);
  return printed.join("\n");
}

const MONTH = ["--month", "2026-10"];

// The first report loads all that a month is settled by.
vi.setConfig({ testTimeout: 120_000 });

describe("ledgers in buckets", () => {
  it.for([
    ["report", "--json", "--instance", "acme"],
    ["report", "--csv"],
    ["verify", "--json"],
  ] as const)("give byte for byte what copies in a directory give: %s %s", async (command) => {
    const inDirectory = await sla(...command, ...MONTH, "--ledger", directory);
    const exitCode = process.exitCode;
    expect(await sla(...command, ...MONTH, "--ledger", BUCKETS)).toBe(inDirectory);
    expect(process.exitCode).toBe(exitCode);
    expect(inDirectory).toMatch(/"down":1,|"days":3,|,1,/);
  });

  it("are found in a bucket of copies as well, wherever it lies", async () => {
    const inDirectory = await sla("verify", "--json", ...MONTH, "--ledger", directory);
    const copies = "s3://copies-of-all/2026/";
    expect(await sla("verify", "--json", ...MONTH, "--ledger", copies)).toBe(inDirectory);
  });

  it.for([
    ["gs://ledger", /gs:\/\/ is not known here; expected a directory, or s3:\/\/BUCKET/],
    ["s3://", /names no bucket; expected s3:\/\/BUCKET/],
    ["s3://ledger,birch", /'birch' names no bucket/],
    ["s3://nobody-has-it", /there is no bucket 'nobody-has-it'/],
    ["s3://copies-of-all/2025", /no rounds\/ or seals\/ in s3:\/\/copies-of-all\/2025/],
  ] as const)("are refused: %s", async ([where, message]) => {
    await expect(copiesAt(where, process.env)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  it("say what access it takes where there is none", async () => {
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "another");
    await expect(copiesAt(BUCKETS, process.env)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^--ledger: no access to s3:.*takes s3:ListBucket/),
    });
  });
});
