import { createHash, createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { verifySignature } from "../../../lib/local-cloud/wire/signature.ts";

interface Signer {
  readonly secret: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

const EMPTY = createHash("sha256").update("").digest("hex");
const hmac = (key: string | Buffer, text: string) =>
  createHmac("sha256", key).update(text).digest();

/** As https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html has it. */
function signed({ secret, day, region, service }: Signer) {
  const date = `${day}T101500Z`;
  const scope = `${day}/${region}/${service}/aws4_request`;
  const headers = { host: "ledger", "x-amz-content-sha256": EMPTY, "x-amz-date": date };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  const canonical = ["GET", "/a", "", ...lines, "", names, EMPTY].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const key = [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${secret}`, day));
  const signature = hmac(key, ["AWS4-HMAC-SHA256", date, scope, hash].join("\n")).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA1/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { method: "GET", target: "/a", headers: { ...headers, authorization } };
}

const SIGNER = { secret: "one", day: "20261121", region: "eu-central-1", service: "s3" };
const instantOf = (day: string) =>
  Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T10:15:00Z`);

it.each([
  ["another secret", { ...SIGNER, secret: "two" }],
  ["another day", { ...SIGNER, day: "20261122" }],
  ["another region", { ...SIGNER, region: "eu-central-2" }],
  ["another service", { ...SIGNER, service: "sqs" }],
])("%s in between changes nothing", (_what, other) => {
  for (const { secret, day, ...rest } of [SIGNER, other, SIGNER, other]) {
    const request = signed({ secret, day, ...rest });
    expect(() => verifySignature(request, secret, instantOf(day))).not.toThrow();
    const wrong = () => verifySignature(request, `${secret}?`, instantOf(day));
    expect(wrong).toThrow("signature we calculated does not match");
  }
});
