import { isIP } from "node:net";
import { addressOf } from "../wire/request.ts";
import { AwsError, type Placement, type RequestHead } from "../wire/service.ts";

const VIRTUAL_HOST = /^(.+)\.(?:s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com|localhost)$/;
const BARE_HOST = /^(?:s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com|localhost)$/;

/** Finds the bucket: in the host name, else first in the path; none when all buckets are meant. */
export function place(head: RequestHead): Placement {
  const { path } = addressOf(head.target);
  const bucket = bucketOfHost(String(head.headers["host"] ?? ""));
  if (bucket !== undefined) return { path, labels: { Bucket: bucket } };
  const [, first = "", rest = "/"] = /^\/([^/]*)(\/.*)?$/s.exec(path) ?? [];
  if (first === "") return { path: "/", labels: {} };
  return { path: rest, labels: { Bucket: decodeBucket(first) } };
}

function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (isIP(name) !== 0 || BARE_HOST.test(name)) return undefined;
  return VIRTUAL_HOST.exec(name)?.[1];
}

function decodeBucket(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError("InvalidBucketName", `'${text}' is not a bucket name`, 400);
  }
}
