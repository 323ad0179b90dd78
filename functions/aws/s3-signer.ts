import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { buildQueryString, HttpRequest } from "@smithy/core/protocols";
import { SIGNED_SECONDS } from "../download/contract.ts";
import type { Signer } from "../download/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings } from "./clients.ts";

const FLOOR_MS = 5000;

/** Signs with the credentials of the function and sends nothing. What is signed ends with these credentials at the latest. */
export function s3Signer(clock: Clock, bucket: string): Signer {
  const client = new S3Client({
    ...clientSettings(clock),
    // Else the URL asks for a checksum, which is of the whole and never of the rest.
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const expiresIn = Math.ceil(clock.paced(SIGNED_SECONDS, FLOOR_MS) / 1000);
  return {
    async sign(method, { key, versionId, file }) {
      const input = {
        ...{ Bucket: bucket, Key: key },
        ResponseContentDisposition: attachment(file),
        ResponseContentType: "application/octet-stream",
        // Byte for byte, however the original was said to be encoded.
        ...(versionId !== undefined && {
          VersionId: versionId,
          ResponseContentEncoding: "identity",
        }),
      };
      const request = await requestOf(client, method, input);
      const signer = await client.config.signer(undefined as never);
      return urlOf(await (signer as unknown as Presigner).presign(request, { expiresIn }));
    },
  };
}

/** Other names are encoded, RFC 8187: a customer's file may be called anything. */
function attachment(file: string): string {
  if (/^[\w.-]+$/.test(file)) return `attachment; filename="${file}"`;
  const encoded = encodeURIComponent(file).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
}

/** The SDK's types of signers do not say that S3's makes URLs as well. */
interface Presigner {
  presign(request: HttpRequest, options: { readonly expiresIn: number }): Promise<HttpRequest>;
}

interface Input {
  readonly Bucket: string;
  readonly Key: string;
}

/** What the client would send, taken from it before it is signed. */
async function requestOf(client: S3Client, method: "GET" | "HEAD", input: Input) {
  const command = method === "HEAD" ? new HeadObjectCommand(input) : new GetObjectCommand(input);
  let taken: HttpRequest | undefined;
  command.middlewareStack.addRelativeTo(
    () => async (args: { readonly request: unknown }) => {
      if (HttpRequest.isInstance(args.request)) taken = args.request;
      return { response: undefined, output: { $metadata: {} } };
    },
    { name: "takeRequest", relation: "before", toMiddleware: "httpSigningMiddleware" },
  );
  await client.send(command as GetObjectCommand);
  if (!taken) throw new TypeError("the client made no request to sign");
  // Whatever else is signed, whoever follows the URL would have to send.
  const { host = taken.hostname } = taken.headers;
  taken.headers = { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  return taken;
}

function urlOf({ protocol, hostname, port, path, query }: HttpRequest): string {
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  return `${protocol}//${host}${path}?${buildQueryString(query)}`;
}
