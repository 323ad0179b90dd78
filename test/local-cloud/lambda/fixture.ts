import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import type { FunctionSpec } from "../../../lib/local-cloud/lambda/function.ts";
import { lambdaService } from "../../../lib/local-cloud/lambda/service.ts";
import { FLOORS, Pace } from "../../../lib/local-cloud/pace.ts";

export const REGION = "eu-central-1";

/** A Lambda service, and functions whose `index.mjs` is written in the test. */
export function world(environment: Record<string, string> = {}, pace = 60) {
  const log = new EventLog();
  const groups = new Set<number>();
  const guard = {
    ownGroup: (pid: number) => void groups.add(pid),
    disownGroup: (pid: number) => void groups.delete(pid),
  };
  const lambda = lambdaService({
    log,
    pace: new Pace(pace, { ...FLOORS, lambdaTimeoutMs: 2000 }),
    guard,
    environment: () => environment,
  });
  onTestFinished(() => lambda.close());
  const deploy = (code: string, more: Partial<FunctionSpec> = {}, file = "index.mjs") => {
    const codeDirectory = mkdtempSync(join(tmpdir(), "lambda-test-"));
    onTestFinished(() => rmSync(codeDirectory, { recursive: true }));
    writeFileSync(join(codeDirectory, file), code);
    const name = more.name ?? "f";
    const spec = {
      region: REGION,
      name,
      arn: `arn:aws:lambda:${REGION}:111111111111:function:${name}`,
      codeDirectory,
      handler: "index.handler",
      environment: {},
      memoryMb: 128,
      timeoutSeconds: 30,
      ...more,
    };
    lambda.deploy(spec);
    return spec;
  };
  const invoke = async (payload: unknown = {}, name = "f", trace?: string) => {
    const outcome = await lambda.invoke({
      region: REGION,
      name,
      payload: JSON.stringify(payload),
      ...(trace !== undefined && { trace }),
    });
    return outcome.kind === "answered" ? JSON.parse(outcome.payload) : outcome;
  };
  return { lambda, log, groups, deploy, invoke };
}
