import { createHash } from "node:crypto";
import { GetObjectCommand, type GetObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../kernel/clock.ts";
import { ledgerBucket } from "../ledger/contract.ts";
import type { Library } from "../report/ports.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";
import { putNew } from "./s3-parts.ts";

/** A part of a large document may take so long to arrive. */
const SETTINGS = { answerSeconds: 30 } as const;

/** Of two at once either may be told so; whoever asks then reads what lies there. */
const TAKEN: ReadonlySet<string> = new Set([
  ...["PreconditionFailed", "ConditionalRequestConflict"],
  // The whole was put together, and only the answer was lost.
  "NoSuchUpload",
]);

type Body = NonNullable<GetObjectCommandOutput["Body"]>;

/** Documents in the ledger of the site it runs in, under the type that a browser opens. */
export function s3Library(
  clock: Clock,
  { account, region }: { readonly account: string; readonly region: string },
): Library {
  const client = new S3Client(clientSettings(clock, SETTINGS));
  const Bucket = ledgerBucket(account, region);
  /** What is made of a document while it arrives; undefined where none lies. */
  const read = async <T>(Key: string, made: (body: Body) => Promise<T>) => {
    const command = new GetObjectCommand({ Bucket, Key });
    const reading = client.send(command).then(({ Body }) => Body && made(Body));
    try {
      return await answered(`read s3://${Bucket}/${Key}`, reading);
    } catch (cause) {
      if (errorName(cause) === "NoSuchKey") return undefined;
      throw cause;
    }
  };
  return {
    async create(Key, text, ContentType) {
      const object = { Bucket, Key, ContentType };
      try {
        await answered(`write s3://${Bucket}/${Key}`, putNew(client, object, text));
        return true;
      } catch (cause) {
        if (TAKEN.has(errorName(cause) ?? "")) return false;
        throw cause;
      }
    },

    text: (Key) => read(Key, (body) => body.transformToString()),

    sha256: (Key) =>
      read(Key, async (body) => {
        const hash = createHash("sha256");
        for await (const chunk of body.transformToWebStream()) hash.update(chunk);
        return hash.digest("hex");
      }),
  };
}
