import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { copyObject } from "../../../functions/aws/s3-copy.ts";
import { s3Ledger } from "../../../functions/aws/s3-ledger.ts";
import { s3Vault } from "../../../functions/aws/s3-vault.ts";
import { type Case, HERE, nameOfError } from "./case.ts";

const client = () => new S3Client({ region: HERE });
const CONDITIONAL = "S3 User Guide, Prevent object overwrites with conditional writes";
const LOCK = "S3 API, HeadObject: x-amz-object-lock-mode, x-amz-object-lock-retain-until-date";
const ERRORS = "S3 API, Error responses: NoSuchBucket, NoSuchKey";

/** A bucket with versions, as ledgers are. */
async function bucket(Bucket: string, { isLocked = false } = {}): Promise<string> {
  await client().send(
    new CreateBucketCommand({
      ...{ Bucket, ObjectLockEnabledForBucket: isLocked },
      CreateBucketConfiguration: { LocationConstraint: HERE },
    }),
  );
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await client().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  return Bucket;
}

const ledger = async (name: string) => s3Ledger(client(), await bucket(name));
const MISSING_TAG = '"0123456789abcdef0123456789abcdef"';

export const S3_CASES: readonly Case[] = [
  {
    name: "a key of a ledger is created once, and stays what it was",
    by: CONDITIONAL,
    expected: [true, false, { n: 1 }],
    async run() {
      const its = await ledger("once");
      const made = [await its.create("a.json", { n: 1 }), await its.create("a.json", { n: 2 })];
      return [...made, (await its.read("a.json"))?.value];
    },
  },
  {
    name: "a key of a ledger is replaced only over the version that was read",
    by: CONDITIONAL,
    expected: [true, false, { n: 2 }],
    async run() {
      const its = await ledger("over");
      await its.create("a.json", { n: 1 });
      const tag = (await its.read("a.json"))?.tag ?? "none";
      const first = await its.replace("a.json", { n: 2 }, tag);
      const second = await its.replace("a.json", { n: 3 }, tag);
      return [first, second, (await its.read("a.json"))?.value];
    },
  },
  {
    name: "a key that is not there is replaced by nobody",
    by: CONDITIONAL,
    expected: [false, null],
    async run() {
      const its = await ledger("nobody");
      const written = await its.replace("a.json", {}, MISSING_TAG);
      return [written, (await its.read("a.json")) ?? null];
    },
  },
  {
    name: "of two who create a key at once one has created it",
    by: CONDITIONAL,
    expected: 1,
    async run() {
      const its = await ledger("at-once");
      const all = await Promise.all([1, 2, 3, 4].map((n) => its.create("a.json", { n })));
      return all.filter(Boolean).length;
    },
  },
  {
    name: "a packed key comes back as it was",
    by: "S3 API, GetObject and PutObject: the body is bytes",
    expected: { text: "ä€😀" },
    async run() {
      const its = await ledger("packed");
      await its.create("a.json.gz", { text: "ä€😀" });
      return (await its.read("a.json.gz"))?.value;
    },
  },
  {
    name: "a list holds a prefix's keys in the order of UTF-8, with the tags that reads have",
    by: "S3 API, ListObjectsV2: lexicographical order of UTF-8 bytes; ETag",
    expected: [["r/A.json", "r/a.json", "r/b/c.json"], true],
    async run() {
      const its = await ledger("listed");
      for (const key of ["r/b/c.json", "r/a.json", "q/a.json", "r/A.json"])
        await its.create(key, {});
      const listed = await its.list("r/");
      const read = await its.read("r/a.json");
      const tag = listed.find(({ key }) => key === "r/a.json")?.tag;
      return [listed.map(({ key }) => key), tag === read?.tag];
    },
  },
  {
    name: "a ledger without a bucket says so, read, listed or written",
    by: ERRORS,
    expected: ["LedgerMissing", "LedgerMissing", "LedgerMissing", "LedgerMissing"],
    async run() {
      const its = s3Ledger(client(), "not-there");
      return Promise.all(
        [
          its.read("a.json"),
          its.list("r/"),
          its.create("a.json", {}),
          its.replace("a.json", {}, MISSING_TAG),
        ].map(nameOfError),
      );
    },
  },
  {
    name: "a vault says of a locked object until when, and nothing of one that is not there",
    by: LOCK,
    expected: [2, "2096-01-01T00:00:00.000Z", null, null],
    async run(clock) {
      const Bucket = await bucket("vault", { isLocked: true });
      await client().send(
        new PutObjectCommand({
          ...{ Bucket, Key: "a", Body: "{}", ObjectLockMode: "COMPLIANCE" },
          ObjectLockRetainUntilDate: new Date("2096-01-01T00:00:00.000Z"),
        }),
      );
      const vault = s3Vault(clock, Bucket);
      const lock = await vault.lock("a");
      const absent = [(await vault.lock("b")) ?? null, (await vault.text("b")) ?? null];
      return [lock?.bytes, lock?.retainUntil?.toISOString(), ...absent];
    },
  },
  {
    name: "what is copied by its ETag is a version of its own; of another one nothing is copied",
    by: "S3 API, CopyObject: x-amz-copy-source-if-match, x-amz-version-id",
    expected: ["copied", true, "changed"],
    async run() {
      const [from, to] = [await bucket("copy-from"), await bucket("copy-to")];
      const sent = client();
      const Body = "some bytes";
      const { ETag: etag = "" } = await sent.send(
        new PutObjectCommand({ Bucket: from, Key: "a b/ä.txt", Body }),
      );
      const order = {
        ...{ from: { bucket: from, key: "a b/ä.txt" }, to: { bucket: to, key: "copy" } },
        ...{ size: Body.length, isLate: () => false },
      };
      const copied = await copyObject(sent, { ...order, etag });
      const other = await copyObject(sent, { ...order, etag: MISSING_TAG });
      const isVersion = copied.kind === "copied" && copied.versionId.length > 4;
      return [copied.kind, isVersion, other.kind];
    },
  },
];
