import * as s3 from "@aws-sdk/client-s3";
import * as secrets from "@aws-sdk/client-secrets-manager";
import * as sts from "@aws-sdk/client-sts";
import { afterAll, beforeEach, expect, it } from "vitest";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { PolicyBook } from "../../../lib/local-cloud/iam/book.ts";
import { Gatekeeper } from "../../../lib/local-cloud/iam/gatekeeper.ts";
import { Sessions } from "../../../lib/local-cloud/iam/sessions.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { secretsManagerService } from "../../../lib/local-cloud/secrets-manager/service.ts";
import { stsService } from "../../../lib/local-cloud/sts/service.ts";
import { running, SECRET } from "../wire/running.ts";

const ACCOUNT = "111111111111";
const OTHER = "222222222222";
const REGION = "eu-central-2";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/sla-watch`;
const WHO = `User: arn:aws:sts::${ACCOUNT}:assumed-role/sla-watch/one is not authorized to perform:`;

const book = new PolicyBook();
const sessions = new Sessions();
const log = new EventLog();
const store = s3Service({ secretAccessKey: SECRET });
const vault = secretsManagerService({ account: ACCOUNT });
const gatekeeper = new Gatekeeper({
  ...{ log, account: ACCOUNT, book, sessions },
  facts: {
    tagsOf: () => undefined,
    secretArn: vault.arnOf,
    machineOfToken: () => undefined,
    taskDefinition: () => undefined,
    snapshotsOf: () => [],
    keyOf: () => undefined,
  },
});
const identity = stsService({ account: ACCOUNT, secretAccessKey: SECRET, sessions });
const cloud = await running(
  [store, vault, identity].map(({ definition }) => gatekeeper.around(definition)),
);
afterAll(() => cloud.server.close());

store.createBucket("ledger", REGION, { versioning: true });
store.createBucket("frozen", REGION);
store.putObject("ledger", "roles/acme.json", Buffer.from("{}"));

const allow = (Action: string, Resource: string, more: object = {}) => ({
  Statement: [{ Effect: "Allow", Action, Resource, ...more }],
});
const may = (...policies: object[]) =>
  book.put("role", [
    {
      ...{ kind: "role", arn: ROLE, name: "sla-watch", isBounded: false, managed: [] },
      trust: allow("sts:AssumeRole", "*", { Principal: { AWS: "*" } }),
      policies,
    },
  ]);
beforeEach(() => {
  may();
  book.remove("bucket");
  book.remove("owner");
});

function as(role: string, token?: string) {
  const session = sessions.open(role, "one");
  return {
    ...cloud.client(),
    region: REGION,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: session?.accessKeyId ?? "",
      secretAccessKey: SECRET,
      sessionToken: token ?? session?.sessionToken ?? "",
    },
  };
}
const read = (Key = "roles/acme.json", Bucket = "ledger") =>
  new s3.S3Client(as(ROLE)).send(new s3.GetObjectCommand({ Bucket, Key }));

it("a role reads what its policy allows, and nothing without it", async () => {
  await expect(read()).rejects.toMatchObject({
    name: "AccessDenied",
    message: `${WHO} s3:GetObject on resource: "arn:aws:s3:::ledger/roles/acme.json" because no identity-based policy allows the s3:GetObject action`,
    $metadata: { httpStatusCode: 403 },
  });
  expect(log.all()).toMatchObject([{ service: "iam", operation: "Denied", region: REGION }]);
  may(allow("s3:GetObject", "arn:aws:s3:::ledger/roles/*"));
  expect(await read()).toMatchObject({ ContentLength: 2 });
});

it("whoever may not list hears 403 of an object that is not there", async () => {
  may(allow("s3:GetObject", "arn:aws:s3:::ledger/*"));
  await expect(read("none")).rejects.toMatchObject({ name: "AccessDenied" });
  may(allow("s3:*", "arn:aws:s3:::ledger*"));
  await expect(read("none")).rejects.toMatchObject({ name: "NoSuchKey" });
});

it("a retention needs a permission of its own", async () => {
  may(allow("s3:PutObject", "arn:aws:s3:::ledger/*"));
  const client = new s3.S3Client(as(ROLE));
  const put = new s3.PutObjectCommand({
    ...{ Bucket: "ledger", Key: "seal", Body: "x", ObjectLockMode: "COMPLIANCE" },
    ObjectLockRetainUntilDate: new Date("2099-01-01T00:00:00Z"),
  });
  await expect(client.send(put)).rejects.toMatchObject({
    message: expect.stringContaining("s3:PutObjectRetention"),
  });
});

it("another account's bucket wants both to agree", async () => {
  may(allow("s3:GetObject", "arn:aws:s3:::frozen/*"));
  store.putObject("frozen", "dump", Buffer.from("x"));
  book.put("owner", [{ kind: "about", arn: "arn:aws:s3:::frozen", account: OTHER }]);
  await expect(read("dump", "frozen")).rejects.toMatchObject({
    message: expect.stringContaining("because no resource-based policy allows"),
  });
  const document = allow("s3:GetObject", "arn:aws:s3:::frozen/*", {
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Condition: { ArnEquals: { "aws:PrincipalArn": ROLE } },
  });
  book.put("bucket", [{ kind: "resource", arn: "arn:aws:s3:::frozen", document }]);
  expect(await read("dump", "frozen")).toMatchObject({ ContentLength: 1 });
  may();
  await expect(read("dump", "frozen")).rejects.toMatchObject({
    message: expect.stringContaining("because no identity-based policy allows"),
  });
});

it("a secret is known by its whole ARN, and a name that is none of one is refused", async () => {
  const owner = new secrets.SecretsManagerClient({ ...cloud.client(), region: REGION });
  await owner.send(new secrets.CreateSecretCommand({ Name: "acme/sla", SecretString: "x" }));
  const arn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:`;
  may(allow("secretsmanager:GetSecretValue", `${arn}acme/sla-??????`));
  const client = new secrets.SecretsManagerClient(as(ROLE));
  const value = (SecretId: string) => client.send(new secrets.GetSecretValueCommand({ SecretId }));
  expect(await value("acme/sla")).toMatchObject({ SecretString: "x" });
  await expect(value("birch/sla")).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining("secret:birch/sla because"),
  });
  may(allow("secretsmanager:GetSecretValue", `${arn}birch/sla`));
  await expect(value("birch/sla")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

it("a key without its token is refused, an administrator is not asked", async () => {
  may(allow("s3:*", "*"));
  const client = new s3.S3Client(as(ROLE, "another token"));
  const list = new s3.ListObjectsV2Command({ Bucket: "ledger" });
  await expect(client.send(list)).rejects.toMatchObject({ name: "InvalidToken" });
  const owner = new s3.S3Client({ ...cloud.client(), region: REGION, forcePathStyle: true });
  expect(await owner.send(list)).toMatchObject({ KeyCount: 1 });
});

it("an operation whose permissions nobody knows is refused to roles by its name", async () => {
  may(allow("*", "*"));
  const client = new secrets.SecretsManagerClient(as(ROLE));
  const create = new secrets.CreateSecretCommand({ Name: "new", SecretString: "x" });
  await expect(client.send(create)).rejects.toMatchObject({
    message: expect.stringContaining(
      "secretsmanager:CreateSecret because the local cloud does not",
    ),
  });
});

it("a role that an administrator takes on may everything, one that a role takes on what it may", async () => {
  const assume = new sts.AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "one" });
  const asking = async (client: sts.STSClient) => {
    const { Credentials } = await client.send(assume);
    const key = Credentials?.AccessKeyId;
    return sessions.of(key)?.isAdministrator;
  };
  expect(await asking(new sts.STSClient({ ...cloud.client(), region: REGION }))).toBe(true);
  expect(await asking(new sts.STSClient(as(ROLE)))).toBe(false);
});
