import * as cfn from "@aws-sdk/client-cloudformation";
import { expect, test } from "vitest";
import { bucket, office, parameter, zipped } from "./office.ts";

test("a change set creates what its template holds, in the order of what names what, and tells it", async () => {
  const { create, events, ssm, s3 } = await office();
  const stack = await create("S", {
    Resources: { Name: parameter("/ledger", { Ref: "Ledger" }), Ledger: bucket("ledger") },
    Outputs: { Ledger: { Value: { "Fn::GetAtt": ["Ledger", "Arn"] }, Description: "evidence" } },
  });
  expect(stack).toMatchObject({
    StackStatus: "CREATE_COMPLETE",
    Outputs: [{ OutputKey: "Ledger", OutputValue: "arn:aws:s3:::ledger", Description: "evidence" }],
  });
  const owner = { account: "111111111111", region: "eu-central-2" };
  expect(ssm.parameters.get(owner, "/ledger")?.value).toBe("ledger");
  expect(s3.keys("ledger")).toEqual([]);
  expect(await events("S")).toEqual([
    "S CREATE_IN_PROGRESS",
    "Ledger CREATE_IN_PROGRESS",
    "Ledger CREATE_COMPLETE",
    "Name CREATE_IN_PROGRESS",
    "Name CREATE_COMPLETE",
    "S CREATE_COMPLETE",
  ]);
});

test("a function runs the code of the zip that was uploaded", async () => {
  const { create, lambda, s3 } = await office();
  const code = "export const handler = async () => 'unpacked';";
  await create("S", { Resources: { F: zipped(s3, "f.zip", code) } });
  const outcome = await lambda.invoke({ region: "eu-central-2", name: "f", payload: "{}" });
  expect(outcome).toEqual({ kind: "answered", payload: '"unpacked"' });
});

test("a template comes from a bucket, its parameters from Parameter Store", async () => {
  const { propose, create, ssm, s3, client, cloud } = await office();
  const template = {
    Parameters: { Version: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/version" } },
    Resources: { Copy: parameter("/copy", { Ref: "Version" }) },
  };
  const nowhere = propose("S", template, { ChangeSetType: "CREATE" });
  await expect(nowhere).rejects.toMatchObject({
    name: "ValidationError",
    message: "Unable to fetch parameters [/version] from parameter store for this account.",
  });
  const owner = { account: "111111111111", region: "eu-central-2" };
  ssm.parameters.put(owner, "/version", "33");
  s3.putObject("assets", "t.json", Buffer.from(JSON.stringify(template)));
  const at = (TemplateURL: string) => ({ TemplateBody: undefined, TemplateURL });
  const stack = await create("S", {}, at("https://s3.eu-central-2.amazonaws.com/assets/t.json"));
  for (const url of ["https://assets.s3.eu-central-2.amazonaws.com", `${cloud.url}/assets`]) {
    const again = await propose("S", {}, { ...at(`${url}/t.json`), ChangeSetType: "UPDATE" });
    expect(again.Status).toBe("FAILED");
  }
  expect(ssm.parameters.get(owner, "/copy")?.value).toBe("33");
  expect(stack.Parameters).toEqual([
    { ParameterKey: "Version", ParameterValue: "/version", ResolvedValue: "33" },
  ]);
  const { TemplateBody } = await client.send(new cfn.GetTemplateCommand({ StackName: "S" }));
  expect(JSON.parse(String(TemplateBody))).toEqual(template);
});

test("what cannot be created is named, what was there goes again, and retained buckets stay", async () => {
  const { create, events, ssm, s3, update } = await office();
  const template = {
    Resources: {
      Kept: bucket("kept", { DeletionPolicy: "Retain" }),
      Made: parameter("/made", "1"),
      Strange: { Type: "AWS::Not::There", DependsOn: ["Kept", "Made"] },
    },
  };
  const stack = await create("S", template);
  expect(stack).toMatchObject({ StackStatus: "ROLLBACK_COMPLETE" });
  expect((await events("S")).slice(5)).toEqual([
    "Strange CREATE_IN_PROGRESS",
    "Strange CREATE_FAILED the local cloud does not create resources of this type (AWS::Not::There)",
    "S ROLLBACK_IN_PROGRESS",
    "Made DELETE_IN_PROGRESS",
    "Made DELETE_COMPLETE",
    "Kept DELETE_SKIPPED",
    "S ROLLBACK_COMPLETE",
  ]);
  expect(
    ssm.parameters.get({ account: "111111111111", region: "eu-central-2" }, "/made"),
  ).toBeUndefined();
  expect(s3.keys("kept")).toEqual([]);
  await expect(update("S", { Resources: { Kept: bucket("kept") } })).rejects.toThrow(
    /is in ROLLBACK_COMPLETE state and can not be updated/,
  );
});

test("a bucket that is there fails a creation, unless it is to be taken over", async () => {
  const { create, remove, events, s3 } = await office();
  s3.createBucket("ledger", "eu-central-2");
  const template = { Resources: { Ledger: bucket("ledger") } };
  expect((await create("S", template)).StackStatus).toBe("ROLLBACK_COMPLETE");
  expect(await events("S")).toContain(
    "Ledger CREATE_FAILED You already own the bucket 'ledger'. (AWS::S3::Bucket)",
  );
  const { StackId = "" } = await remove(String((await create("T", template)).StackId));
  expect(StackId).toContain(":stack/T/");
  const taken = await create("U", template, { ImportExistingResources: true });
  expect(taken.StackStatus).toBe("CREATE_COMPLETE");
});

test("two accounts have stacks and parameters of one name", async () => {
  const { create, cloud, ssm } = await office();
  await create("S", { Resources: { P: parameter("/p", { Ref: "AWS::AccountId" }) } });
  const other = { account: "222222222222", region: "eu-central-2" };
  expect(ssm.parameters.get(other, "/p")).toBeUndefined();
  expect(ssm.parameters.get({ ...other, account: "111111111111" }, "/p")?.value).toBe(
    "111111111111",
  );
  expect(cloud.log.all().some(({ service }) => service === "cloudformation")).toBe(true);
});

test.each([
  ["no template", { TemplateBody: "{}" }, /At least one Resources member/],
  [
    "a name of nothing",
    { TemplateBody: '{"Resources":{"A":{"Type":"T","Properties":{"B":{"Ref":"C"}}}}}' },
    /Unresolved resource dependencies \[C\]/,
  ],
  [
    "short functions",
    { TemplateBody: "Resources:\n  A:\n    Type: !Sub b\n" },
    /Template format error: .*long form/,
  ],
  ["broken JSON", { TemplateBody: '{"Resources":' }, /Template format error: JSON not well-formed/],
  ["too large a body", { TemplateBody: " ".repeat(51_201) }, /at most 51200; upload it to S3/],
  [
    "a strange URL",
    { TemplateBody: undefined, TemplateURL: "https://a.example/b" },
    /TemplateURL must be a supported URL/,
  ],
  [
    "a parameter of nobody",
    { TemplateBody: '{"Resources":{}}', Parameters: [{ ParameterKey: "X", ParameterValue: "1" }] },
    /Parameters: \[X\] do not exist/,
  ],
])("%s is refused before anything begins", async (_what, more, message) => {
  const { propose } = await office();
  await expect(propose("S", {}, { ChangeSetType: "CREATE", ...more })).rejects.toMatchObject({
    name: "ValidationError",
    message: expect.stringMatching(message),
  });
});

test("a stack that was read from cdk.out is not deployed again", async () => {
  const { create } = await office(["Sla-eu-central-2"]);
  await expect(create("Sla-eu-central-2", { Resources: {} })).rejects.toThrow(/--no-deploy/);
});
