import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings } from "../../../functions/aws/clients.ts";
import { answered } from "../../../functions/aws/cloud-errors.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import { inLanes } from "../../../functions/kernel/lanes.ts";
import { REGIONS } from "../../sla/regions.ts";
import { notTaken } from "../identity.ts";
import { type Attempt, readRegion } from "./read-region.ts";
import { readZones } from "./read-zones.ts";
import type { RegionSurvey, Survey, Unread } from "./survey.ts";

interface Scan {
  readonly clock: Clock;
  /** Default: all that the account has switched on. */
  readonly regions?: readonly string[];
  readonly progress: (line: string) => void;
}

/** Regions asked at once. */
const LANES = 8;
/** Answers who we are and which regions there are; on by default, in every account. */
const FIRST_REGION = "us-east-1";

/**
 * What an account shows of databases, names, balancers and networks. Reads only. What does not answer or may not be read is
 * listed as unread. Throws UserError if nobody answers to the credentials.
 */
export async function readAccount({ clock, regions, progress }: Scan): Promise<Survey> {
  const first = regions?.[0] ?? FIRST_REGION;
  const account = await whoWeAre(first, clock);
  const unread: Unread[] = [];
  const attempt: Attempt = async (what, reading) => {
    try {
      return await answered(`read ${what}`, reading());
    } catch (cause) {
      unread.push({ what, because: (cause as Error).message });
      progress(`${what}: not read, ${(cause as Error).message}`);
      return [];
    }
  };
  const wanted = regions ?? (await attempt("regions", () => enabledRegions(clock)));
  const isThorough = regions !== undefined;
  const surveys = await inLanes(LANES, wanted, async (region): Promise<RegionSurvey> => {
    const survey = await readRegion(region, { clock, attempt, isThorough });
    if (isThorough || survey.databases.length > 0) progress(wordsOf(survey));
    return survey;
  });
  const zones = await readZones(clock, attempt);
  progress(`${counted(zones.length, "public zone")} in Route 53`);
  const buckets = await attempt("buckets", () => bucketsOf(first, clock));
  const at = clock.now().toISOString();
  return { at, account, regions: surveys, zones, buckets, unread };
}

const wordsOf = ({ region, databases, balancers }: RegionSurvey) =>
  `${region}: ${counted(databases.length, "database")}, ${counted(balancers.length, "load balancer")}`;

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

async function whoWeAre(region: string, clock: Clock): Promise<string> {
  const client = new STSClient(clientSettings(clock, { region }));
  try {
    const call = client.send(new GetCallerIdentityCommand({}));
    const { Account } = await answered(`ask ${region} who we are`, call);
    if (Account) return Account;
    throw new Error("STS names no account");
  } catch (cause) {
    throw notTaken(cause);
  } finally {
    client.destroy();
  }
}

async function enabledRegions(clock: Clock): Promise<readonly string[]> {
  const client = new EC2Client(clientSettings(clock, { region: FIRST_REGION }));
  try {
    const { Regions = [] } = await client.send(new DescribeRegionsCommand({}));
    return Regions.flatMap(({ RegionName }) => RegionName ?? [])
      .filter((region) => region in REGIONS)
      .toSorted();
  } finally {
    client.destroy();
  }
}

async function bucketsOf(region: string, clock: Clock): Promise<readonly string[]> {
  const client = new S3Client(clientSettings(clock, { region, answerSeconds: 20 }));
  try {
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    return Buckets.flatMap(({ Name }) => Name ?? []).toSorted();
  } finally {
    client.destroy();
  }
}
