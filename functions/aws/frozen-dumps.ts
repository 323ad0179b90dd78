import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Shelf } from "../deliver/ports.ts";
import { FREEZE_FUNCTION, type FrozenCopy, type FrozenQuestion } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { lambdaCalls } from "./lambda-call.ts";

/** It reads the manifest of each of them. */
const ANSWER = { answerSeconds: 60, answerFloorMs: 30_000 } as const;

/** Which dumps there are says the function that makes them; what is in them says their bucket. */
export function frozenDumps(
  clock: Clock,
  { region, bucket }: { readonly region: string; readonly bucket: string },
): Shelf {
  const call = lambdaCalls(clock, ANSWER);
  const client = new S3Client({
    ...clientSettings(clock),
    // Their SHA-256 is in the manifest, whatever S3 has of them.
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  return {
    copies(instance) {
      const question: FrozenQuestion = { copiesOf: instance };
      return call<readonly FrozenCopy[]>(region, FREEZE_FUNCTION, question);
    },

    async open(key) {
      const doing = `read s3://${bucket}/${key}`;
      const asked = client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const { Body } = await answered(doing, asked);
      if (Body) return Body.transformToWebStream();
      throw new SlaError("CloudUnreachable", "cloud", `${doing}: answered no body`);
    },
  };
}
