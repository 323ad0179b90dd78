import { resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type Stage, setStage } from "../../lib/drill/stage.ts";
import { drill, unmet } from "./rehearsal.ts";

let stage: Stage | undefined;
afterAll(() => stage?.close());

it("a promise holds on what the CDK has bootstrapped and deployed", {
  timeout: 600_000,
}, async () => {
  const told: string[] = [];
  stage = await setStage({
    fleetFile: resolve("test/fixtures/harbour-fleet.yaml"),
    ...{ pace: 12, keep: false, isDeployed: true },
    progress: (line) => void told.push(line),
  });
  expect(told).toContain("cdk bootstrap: aws://555555555555/eu-west-1");
  expect(told).toContain("cdk deploy: SlaPages-eu-west-3");
  stage.cloud.services.startSchedules();
  const result = await drill(stage, "kill");
  expect(unmet(result)).toEqual([]);
  expect(result).toMatchObject({ ok: true, promoted: true });
  expect(result.deployment).toMatchObject({
    by: expect.stringMatching(/^aws-cdk \d/),
    stacks: [
      "Sla-eu-south-2",
      "Sla-eu-west-1",
      "Sla-eu-west-3",
      "SlaPages-eu-west-3",
      "SlaVantage-eu-west-2",
    ],
  });
  const unpacked = stage.cloud.services.lambda.functions();
  expect(unpacked.every(({ codeDirectory }) => !codeDirectory.includes("synth"))).toBe(true);
});
