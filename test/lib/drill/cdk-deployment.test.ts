import { expect, test } from "vitest";
import { environmentsIn } from "../../../lib/drill/cdk-deployment.ts";

test("each account is bootstrapped once in every region of its stacks", () => {
  const stacks = [
    { account: "111111111111", region: "eu-west-1" },
    { account: "222222222222", region: "eu-west-1" },
    { account: "111111111111", region: "eu-central-1" },
    { account: "111111111111", region: "eu-west-1" },
  ];
  expect([...environmentsIn(stacks)]).toEqual([
    ["111111111111", ["eu-central-1", "eu-west-1"]],
    ["222222222222", ["eu-west-1"]],
  ]);
});
