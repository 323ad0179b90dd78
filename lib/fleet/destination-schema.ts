import { bech32 } from "@scure/base";
import { z } from "zod";
import type { Period } from "../sla/plan.ts";
import { hostName, region, text, whole } from "./scalars.ts";

const ageKey = "a public key of age, like age1… as age-keygen -y prints it";

/** No more often than a backup can be restored, proven and dumped for it, no less than any frozen copy. */
const PERIOD = /^([1-7]d|3h|6h|12h)$/;

const common = {
  secret: text("a name in Secrets Manager, like acme/destination", /^[\w/+=.@-]{1,512}$/).describe(
    "In the region of frozen: who we are there; the passphrase too, without a recipient",
  ),
  recipient: z
    .string({ error: ageKey })
    .refine(isAgeKey, { error: ageKey })
    .exactOptional()
    .describe("The customer's age key, the public one: nobody else opens what is sent"),
  every: text(
    "3h, 6h, 12h, or 1d to 7d: each is of a backup that is restored for it, which takes longer than an hour",
    PERIOD,
  )
    .transform((value) => value as Period)
    .exactOptional()
    .describe("How often a dump is made and sent; absent: once a week"),
  files: z
    .literal(true, { error: "true, or leave it out" })
    .exactOptional()
    .describe("The files of the newest dump are sent beside it, as one archive"),
  keep: z
    .strictObject({ newest: whole(1, 1000) })
    .exactOptional()
    .describe("Older ones that we sent are removed; absent: nothing ever is"),
};

const bucket = z.strictObject({
  kind: z.literal("s3"),
  bucket: text("a name of a bucket, like acme-backups", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  region,
  prefix: text("a prefix with a slash at its end, like backups/", /^([\w!.*'()-]+\/)*$/)
    .default("")
    .describe("What keys begin with"),
  ...common,
});

const FINGERPRINT = "a fingerprint, like SHA256:… of 43 characters, as ssh-keygen -l prints it";
const FINGERPRINTS = `${FINGERPRINT}, or up to eight of them in brackets`;
const hostKey = text(FINGERPRINT, /^SHA256:[A-Za-z0-9+/]{43}$/);

const sftp = z.strictObject({
  kind: z.literal("sftp"),
  host: hostName,
  port: whole(1, 65_535).default(22),
  path: text("a directory, like /backups/acme", /^\/([\w.@+-]+\/?)*$/).describe(
    "A directory that is there",
  ),
  hostKey: z
    .union([hostKey.transform((one) => [one]), z.array(hostKey).min(1).max(8)], {
      error: FINGERPRINTS,
    })
    .describe("A server with none of these keys is not talked to"),
  ...common,
});

const KINDS = "kind: s3 with bucket and region, or kind: sftp with host, path and hostKey";

export const destinationSchema = z
  .discriminatedUnion("kind", [bucket, sftp], { error: KINDS })
  .describe("The customer's own place, to which every frozen copy is sent, encrypted");

const KEY_BYTES = 32;
/** Longer than any key of this kind. */
const LONGEST = 90;

/** With its checksum: to a key with a slip in it nothing could be encrypted. */
function isAgeKey(value: string): boolean {
  const found = bech32.decodeUnsafe(value, LONGEST);
  if (found?.prefix !== "age" || value !== value.toLowerCase()) return false;
  return bech32.fromWordsUnsafe(found.words)?.length === KEY_BYTES;
}
