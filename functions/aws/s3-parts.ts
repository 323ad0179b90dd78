import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { partsOf, type Text } from "../kernel/packed-text.ts";

export interface NewObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType: string;
}

const PART = 8 * 1024 ** 2;
/** Nothing that lies there is replaced. */
const NEW = { IfNoneMatch: "*" } as const;

/** Writes an object that is not there yet: at once if one part holds it, else part after part, of which one is held. */
export async function putNew(client: S3Client, object: NewObject, text: Text): Promise<void> {
  const parts = bytesOf(text, PART);
  const { value: first } = parts.next();
  const { value: second } = parts.next();
  if (second) return inParts(client, object, chained([first ?? second, second], parts));
  await client.send(new PutObjectCommand({ ...object, ...NEW, Body: first ?? Buffer.of() }));
}

async function inParts(
  client: S3Client,
  { ContentType, ...at }: NewObject,
  parts: Iterable<Buffer>,
): Promise<void> {
  const create = new CreateMultipartUploadCommand({ ...at, ContentType });
  const upload = { ...at, UploadId: (await client.send(create)).UploadId };
  try {
    const Parts: CompletedPart[] = [];
    for (const Body of parts) {
      const PartNumber = Parts.length + 1;
      const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
      Parts.push({ PartNumber, ETag });
    }
    const complete = { ...upload, ...NEW, MultipartUpload: { Parts } };
    await client.send(new CompleteMultipartUploadCommand(complete));
  } catch (cause) {
    // Whatever stays is removed by the bucket after some days.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
    throw cause;
  }
}

/** The UTF-8 of a text, in parts of one size but for the last. */
export function* bytesOf(text: Text, size: number): Generator<Buffer, undefined> {
  let waiting: Buffer[] = [];
  let length = 0;
  for (const each of partsOf(text)) {
    let rest = Buffer.from(each);
    while (length + rest.length >= size) {
      const taken = rest.subarray(0, size - length);
      yield Buffer.concat([...waiting, taken]);
      rest = rest.subarray(taken.length);
      [waiting, length] = [[], 0];
    }
    waiting.push(rest);
    length += rest.length;
  }
  if (length > 0) yield Buffer.concat(waiting);
}

function* chained<T>(...all: readonly Iterable<T>[]): Generator<T> {
  for (const each of all) yield* each;
}
