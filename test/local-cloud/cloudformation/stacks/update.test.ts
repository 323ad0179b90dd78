import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as cfn from "@aws-sdk/client-cloudformation";
import { expect, test } from "vitest";
import { folder } from "../fixture.ts";
import { bucket, office, parameter, zipped } from "./office.ts";

const OWNER = { account: "111111111111", region: "eu-central-2" };

test("a second time nothing differs, and the change set says so in CloudFormation's words", async () => {
  const { create, propose, client } = await office();
  const template = { Resources: { P: parameter("/p", "1") } };
  await create("S", template);
  expect(await propose("S", template)).toMatchObject({
    Status: "FAILED",
    ExecutionStatus: "UNAVAILABLE",
    StatusReason: expect.stringMatching(/^The submitted information didn't contain changes\./),
  });
  const doomed = new cfn.ExecuteChangeSetCommand({ StackName: "S", ChangeSetName: "next" });
  await expect(client.send(doomed)).rejects.toMatchObject({
    name: "InvalidChangeSetStatusException",
  });
});

test("an update touches what differs, makes what is new and removes what is gone", async () => {
  const { create, propose, update, events, ssm, s3 } = await office();
  const before = {
    Resources: {
      Same: parameter("/same", "1"),
      Changed: parameter("/changed", "1"),
      Renamed: parameter("/old-name", "1"),
      Gone: parameter("/gone", "1"),
      Ledger: bucket("ledger", { DeletionPolicy: "Retain" }),
    },
  };
  const after = {
    Resources: {
      Same: parameter("/same", "1"),
      Changed: parameter("/changed", "2"),
      Renamed: parameter("/new-name", "1"),
      New: parameter("/new", "1"),
    },
  };
  await create("S", before);
  const { Changes = [] } = await propose("S", after);
  expect(
    Changes.map(({ ResourceChange: change }) => `${change?.Action} ${change?.LogicalResourceId}`),
  ).toEqual(["Modify Changed", "Modify Renamed", "Add New", "Remove Gone", "Remove Ledger"]);
  const told = (await events("S")).length;
  expect(await update("S", after)).toMatchObject({ StackStatus: "UPDATE_COMPLETE" });
  expect((await events("S")).slice(told)).toEqual([
    "S UPDATE_IN_PROGRESS",
    "Changed UPDATE_IN_PROGRESS",
    "Changed UPDATE_COMPLETE",
    "Renamed UPDATE_IN_PROGRESS",
    "Renamed UPDATE_COMPLETE",
    "New CREATE_IN_PROGRESS",
    "New CREATE_COMPLETE",
    "S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "Renamed DELETE_IN_PROGRESS",
    "Renamed DELETE_COMPLETE",
    "Ledger DELETE_SKIPPED",
    "Gone DELETE_IN_PROGRESS",
    "Gone DELETE_COMPLETE",
    "S UPDATE_COMPLETE",
  ]);
  const values = ["/same", "/changed", "/old-name", "/new-name", "/new", "/gone"].map(
    (name) => ssm.parameters.get(OWNER, name)?.value,
  );
  expect(values).toEqual(["1", "2", undefined, "1", "1", undefined]);
  expect(s3.keys("ledger")).toEqual([]);
});

test("an update that fails takes back what it did, new code too", async () => {
  const { create, update, events, lambda, ssm, s3, client } = await office();
  const answering = (what: string) => `export const handler = async () => '${what}';`;
  const template = (code: string, value: string, more: object) => ({
    Resources: {
      F: zipped(s3, `${code}.zip`, answering(code)),
      P: parameter("/p", value),
      ...more,
    },
  });
  await create("S", template("old", "1", {}));
  const told = (await events("S")).length;
  const broken = {
    New: parameter("/new", "1"),
    Strange: { Type: "AWS::Not::There", DependsOn: ["F", "P", "New"] },
  };
  const stack = await update("S", template("new", "2", broken));
  expect(stack).toMatchObject({
    StackStatus: "UPDATE_ROLLBACK_COMPLETE",
  });
  expect((await events("S")).slice(told + 8)).toEqual([
    "Strange CREATE_FAILED the local cloud does not create resources of this type (AWS::Not::There)",
    "S UPDATE_ROLLBACK_IN_PROGRESS",
    "P UPDATE_IN_PROGRESS",
    "P UPDATE_COMPLETE",
    "F UPDATE_IN_PROGRESS",
    "F UPDATE_COMPLETE",
    "S UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "New DELETE_IN_PROGRESS",
    "New DELETE_COMPLETE",
    "S UPDATE_ROLLBACK_COMPLETE",
  ]);
  expect(ssm.parameters.get(OWNER, "/p")?.value).toBe("1");
  expect(ssm.parameters.get(OWNER, "/new")).toBeUndefined();
  const outcome = await lambda.invoke({ region: "eu-central-2", name: "f", payload: "{}" });
  expect(outcome).toEqual({ kind: "answered", payload: '"old"' });
  const { StackResources } = await client.send(
    new cfn.DescribeStackResourcesCommand({ StackName: "S" }),
  );
  expect(StackResources?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(["F", "P"]);
});

test("a resource of another type under the same id is refused", async () => {
  const { create, update, events } = await office();
  await create("S", { Resources: { X: parameter("/x", "1") } });
  await update("S", { Resources: { X: bucket("xxx") } });
  expect(await events("S")).toContainEqual(
    expect.stringMatching(/^X UPDATE_FAILED Update of resource type is not permitted/),
  );
});

test("a custom resource hears of its creation, its change and its end", async () => {
  const { create, update, remove, s3, lambda } = await office();
  const heard = join(folder({}), "heard");
  // Two environments may answer, so what they hear is written down.
  const code = `
    import { appendFileSync } from "node:fs";
    export const handler = async (event) => {
      const { RequestType, PhysicalResourceId = "none", ResourceProperties: { Of } } = event;
      const words = [RequestType, PhysicalResourceId, Of, event.OldResourceProperties?.Of];
      appendFileSync("${heard}", words.join(" ") + "\\n");
      const Status = Of === "bad" ? "FAILED" : "SUCCESS";
      const body = JSON.stringify({ Status, Reason: "no", PhysicalResourceId: "it" });
      await fetch(event.ResponseURL, { method: "PUT", body });
    };`;
  const template = (more: object) => ({ Resources: { F: zipped(s3, "f.zip", code), ...more } });
  const custom = (Of: string) => ({
    C: { Type: "Custom::It", Properties: { ServiceToken: { "Fn::GetAtt": ["F", "Arn"] }, Of } },
  });
  const { StackId = "" } = await create("S", template(custom("one")));
  await update("S", template(custom("two")));
  expect(await update("S", template(custom("bad")))).toMatchObject({
    StackStatus: "UPDATE_ROLLBACK_COMPLETE",
  });
  await update("S", template({}));
  expect(readFileSync(heard, "utf8").split("\n")).toEqual([
    "Create none one ",
    "Update it two one",
    "Update it bad two",
    "Update it two two",
    "Delete it two ",
    "",
  ]);
  await remove(StackId);
  expect(lambda.functions()).toEqual([]);
});
