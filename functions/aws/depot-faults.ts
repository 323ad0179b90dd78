import type { BucketDestination } from "../../lib/sla/fleet.ts";
import type { Fault } from "../deliver/contract.ts";
import { SlaError } from "../kernel/errors.ts";
import { cloudError, errorName } from "./cloud-errors.ts";

/** Whatever S3 then refuses, it has not what we think it has. */
export const COMPLETE = "complete an upload";

/** What S3 and what speaks like it answer, in the order in which it is asked. */
const MEANINGS: readonly (readonly [Fault, RegExp])[] = [
  [
    "DestinationMissing",
    /^(NoSuchBucket|PermanentRedirect|AuthorizationHeaderMalformed|NotFound)$/,
  ],
  [
    "LoginRefused",
    /^(InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|InvalidClientTokenId)$/,
  ],
  ["DestinationFull", /(QuotaExceeded|StorageFull|InsufficientStorage|InsufficientCapacity)$/],
  [
    "UploadBroken",
    /^(BadDigest|InvalidPart|IncompleteBody|NoSuchUpload|XAmzContentSHA256Mismatch)$/,
  ],
  [
    "DestinationDenied",
    /^(AccessDenied|AllAccessDisabled|Forbidden|KMS\.|MethodNotAllowed|InvalidObjectState)/,
  ],
];

/** A failed call as the destination's fault; anything that it does not explain comes back as it was. */
export function depotFault(
  cause: unknown,
  { bucket, region }: BucketDestination,
  doing: string,
): unknown {
  if (cause instanceof SlaError) return cause;
  const name = errorName(cause) ?? "";
  const meaning = MEANINGS.find(([, pattern]) => pattern.test(name))?.[0] ?? general(cause, doing);
  if (!meaning) return cause;
  const said = `s3://${bucket} of ${region}: ${doing}: ${name}: ${(cause as Error).message}`;
  return new SlaError(meaning, "operator", said, { cause });
}

function general(cause: unknown, doing: string): Fault | undefined {
  const known = cloudError(cause, doing);
  if (known instanceof SlaError) {
    return known.code === "CloudRefused" ? "DestinationDenied" : "DestinationUnreachable";
  }
  const { $metadata: said } = cause as { $metadata?: { httpStatusCode?: number } };
  if (Math.floor((said?.httpStatusCode ?? 0) / 100) !== 4) return undefined;
  return doing === COMPLETE ? "UploadBroken" : "DestinationDenied";
}
