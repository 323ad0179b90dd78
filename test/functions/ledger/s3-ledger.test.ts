import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it } from "vitest";
import { s3Ledger } from "../../../functions/aws/s3-ledger.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";
import { behavesAsALedger } from "./ledger-contract.ts";

const service = s3Service({ secretAccessKey: SECRET });
const cloud = await running([service.definition], {
  isCutOff: (region) => region === "eu-north-1",
});
service.createBucket("sla-ledger-1", "eu-west-1", { versioning: true });
afterAll(() => cloud.server.close());

const quick = { requestTimeout: 2000, throwOnRequestTimeout: true };
const ledgerIn = (region: string, bucket = "sla-ledger-1") =>
  s3Ledger(new S3Client({ ...cloud.client(region), requestHandler: quick }), bucket);

describe("the ledger in S3", () => {
  const ledger = ledgerIn("eu-west-1");
  behavesAsALedger(() => ledger, "s3");

  it("lists more keys than one page holds", async () => {
    const names = Array.from({ length: 1005 }, (_, n) => `many/${String(n).padStart(4, "0")}.json`);
    for (const name of names) service.putObject("sla-ledger-1", name, Buffer.from("1"));
    expect((await ledger.list("many/")).map(({ key }) => key)).toEqual(names);
  });

  it("rejects with CloudUnreachable when the region does not answer", async () => {
    await expect(ledgerIn("eu-north-1").read("roles/acme.json")).rejects.toMatchObject({
      code: "CloudUnreachable",
      message: expect.stringContaining("read s3://sla-ledger-1/roles/acme.json"),
    });
  });

  it("says which site lacks its stack when there is no bucket", async () => {
    await expect(ledgerIn("eu-west-1", "none").create("a", 1)).rejects.toMatchObject({
      code: "LedgerMissing",
      blame: "operator",
    });
  });

  it("takes its own write for its own when only the answer was lost", async () => {
    const client = new S3Client({ ...cloud.client("eu-west-1"), maxAttempts: 2 });
    let answers = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        const output = await next(args);
        answers += 1;
        if (answers > 1) return output;
        throw Object.assign(new Error("the answer got lost"), { name: "TimeoutError" });
      },
      { step: "finalizeRequest", priority: "low", name: "loseTheFirstAnswer" },
    );
    expect(await s3Ledger(client, "sla-ledger-1").create("locks/acme.json", { by: "us" })).toBe(
      true,
    );
    expect(answers).toBeGreaterThan(1);
  });
});
