import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { clientSettings } from "../../functions/aws/clients.ts";
import { answered, errorName } from "../../functions/aws/cloud-errors.ts";
import { s3Ledger } from "../../functions/aws/s3-ledger.ts";
import { clockFrom } from "../../functions/kernel/clock.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { gate } from "../../functions/kernel/lanes.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import { UserError } from "../cli/user-error.ts";
import type { Copies, NamedShelf } from "./ledger-copies.ts";

/** A client that finds a bucket wherever it lies; `region`: where it probably does. */
export type S3Clients = (region: string | undefined) => S3Client;

interface Place {
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

const OWN_BUCKET = /^sla-(ledger|frozen)-\d{12}-([a-z0-9-]+)$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Beside copies of ledgers: one of the seals in the frozen bucket. */
const FROZEN = "frozen";
/** As many connections as the SDK opens: what waits longer than that, it warns of. */
const AT_ONCE = 40;

/**
 * By the standard variables of AWS (`AWS_PROFILE`, `AWS_ENDPOINT_URL`, …). An endpoint of one's own is asked with the bucket in the path:
 * few have a name for each bucket.
 */
export function s3ClientsFor(env: Readonly<Record<string, string | undefined>>): S3Clients {
  const usual = env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "us-east-1";
  const isElsewhere = (env["AWS_ENDPOINT_URL_S3"] ?? env["AWS_ENDPOINT_URL"]) !== undefined;
  const clock = clockFrom(env);
  return (region = usual) =>
    new S3Client({
      ...clientSettings(clock, { region, maxAttempts: 5 }),
      followRegionRedirects: true,
      ...(isElsewhere && { forcePathStyle: true }),
    });
}

/**
 * The ledgers in buckets, each a ledger itself or with one below each of its names, as in a directory. Throws UserError: no such bucket, no access,
 * nothing there.
 *
 * @param where `s3://BUCKET[/PREFIX][,s3://…]`
 */
export async function copiesInBuckets(where: string, clients: S3Clients): Promise<Copies> {
  const turn = gate(AT_ONCE);
  const places = where.split(",").map((text) => placeOf(text.trim()));
  const found = await Promise.all(places.map((place) => copiesBelow(place, { clients, turn })));
  const ledgers = found
    .flatMap((each) => each.ledgers)
    .toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const frozen = found.find((each) => each.frozen)?.frozen;
  if (ledgers.length > 0) return { ledgers, ...(frozen && { frozen }) };
  throw new UserError(
    `--ledger: there is no rounds/ or seals/ in ${where} nor one level below; expected buckets of ledgers (s3://sla-ledger-ACCOUNT-REGION) or copies of them`,
  );
}

function placeOf(text: string): Place {
  const [, bucket = "", path = ""] = /^s3:\/\/([^/]*)\/?(.*)$/.exec(text) ?? [];
  if (!BUCKET.test(bucket)) {
    throw new UserError(
      `--ledger: '${text}' names no bucket; expected s3://BUCKET[/PREFIX], several separated by commas`,
    );
  }
  const prefix = path.replace(/\/+$/, "");
  return { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}

interface Reading {
  readonly clients: S3Clients;
  readonly turn: ReturnType<typeof gate>;
}

async function copiesBelow(place: Place, { clients, turn }: Reading): Promise<Copies> {
  const { bucket, prefix } = place;
  const [, kind, region] = OWN_BUCKET.exec(bucket) ?? [];
  const client = clients(region);
  const shelf = (below = "") =>
    shelfBelow(s3Ledger(client, bucket), `${prefix}${below}`, { at: place, turn });
  const names = await namesBelow(client, place, "");
  if (kind === FROZEN) return { ledgers: [], frozen: shelf() };
  const ledger = (name: string, below: string, has: readonly string[]): NamedShelf => ({
    ...{ name, shelf: shelf(below) },
    ...(!has.includes("roles") && { partial: `s3://${bucket}/${prefix}${below}` }),
  });
  if (isLedger(names)) return { ledgers: [ledger(region ?? "", "", names)] };
  const inside = await Promise.all(
    names.map(async (name) => ({ name, has: await namesBelow(client, place, `${name}/`) })),
  );
  const isFrozen = inside.some(({ name, has }) => name === FROZEN && has.includes("seals"));
  return {
    ledgers: inside
      .filter(({ name, has }) => name !== FROZEN && isLedger(has))
      .map(({ name, has }) => ledger(name, `${name}/`, has)),
    ...(isFrozen && { frozen: shelf(`${FROZEN}/`) }),
  };
}

const isLedger = (names: readonly string[]) => names.includes("rounds") || names.includes("seals");

/** What would be directories. */
async function namesBelow(client: S3Client, place: Place, below: string) {
  const { bucket } = place;
  const prefix = `${place.prefix}${below}`;
  const input = { Bucket: bucket, Prefix: prefix, Delimiter: "/" };
  try {
    const call = client.send(new ListObjectsV2Command(input));
    const { CommonPrefixes = [] } = await answered(`list s3://${bucket}/${prefix}`, call);
    return CommonPrefixes.flatMap(({ Prefix = "" }) => Prefix.slice(prefix.length, -1) || []);
  } catch (cause) {
    throw mistake(cause, place);
  }
}

/** Keys as in the ledger itself. */
function shelfBelow(
  ledger: Shelf,
  begin: string,
  { at, turn }: { readonly at: Place } & Pick<Reading, "turn">,
): Shelf {
  const asked = <T>(ask: () => Promise<T>) =>
    turn(ask).catch((cause: unknown) => {
      throw mistake(cause, at);
    });
  return {
    read: (key) => asked(() => ledger.read(begin + key)),
    text: (key) => asked(() => ledger.text(begin + key)),
    async list(prefix) {
      const listed = await asked(() => ledger.list(begin + prefix));
      return listed.map((each) => ({ ...each, key: each.key.slice(begin.length) }));
    },
  };
}

/** What a person can do about it; anything else comes back as it was. */
function mistake(cause: unknown, { bucket, prefix }: Place): unknown {
  const said = (message: string) => new UserError(`--ledger: ${message}`, 2, { cause });
  const name = errorName(cause instanceof SlaError ? (cause.cause ?? cause) : cause) ?? "";
  if (name === "NoSuchBucket" || (cause as SlaError).code === "LedgerMissing") {
    return said(
      `there is no bucket '${bucket}': expected s3://sla-ledger-ACCOUNT-REGION or a copy`,
    );
  }
  if (name === "CredentialsProviderError") {
    return said(
      `no credentials for s3://${bucket}: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret`,
    );
  }
  if (/^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint)/.test(name)) {
    return said(`'${bucket}' lies in another region, and nobody says which: set AWS_REGION to it`);
  }
  if (cause instanceof SlaError && cause.code === "CloudRefused") {
    return said(
      `no access to s3://${bucket}/${prefix} (${name || "refused"}): it takes s3:ListBucket and s3:GetObject`,
    );
  }
  return cause;
}
