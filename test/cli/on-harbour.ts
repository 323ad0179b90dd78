import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Stage } from "../../lib/drill/stage.ts";
import { onStage } from "../drills/rehearsal.ts";
import type { Environment } from "./cdk.ts";
import { HARBOUR, slaIn } from "./sla.ts";

const PACE = 60;
const UP_WITHIN_MS = 300_000;

/** A person at a terminal beside a running cloud. */
export interface Harbour {
  /** Throws before the cloud is up. */
  readonly stage: Stage;
  /** Types a command of ours with this fleet. */
  readonly sla: (...args: readonly string[]) => ReturnType<typeof slaIn>;
}

/** The harbour, as `altered`, on a cloud of its own while the tests of a suite run; schedules fire. */
export function onHarbour(altered = (harbour: string) => harbour): Harbour {
  const directory = mkdtempSync(join(tmpdir(), "harbour-"));
  const fleet = join(directory, "fleet.yaml");
  let raised: Stage | undefined;
  const stage = () => {
    if (raised) return raised;
    throw new Error("the harbour's cloud is not up");
  };
  const environment = (): Environment => {
    const { url, ground } = stage().cloud;
    const { credentials } = ground;
    return {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SLA_PACE: String(PACE),
    };
  };
  beforeAll(async () => {
    writeFileSync(fleet, altered(readFileSync(HARBOUR, "utf8")));
    raised = await onStage(fleet, PACE);
  }, UP_WITHIN_MS);
  afterAll(async () => {
    await raised?.close();
    rmSync(directory, { recursive: true });
  });
  return {
    get stage() {
      return stage();
    },
    sla: (...args) => slaIn(environment(), ...args, "--fleet", fleet),
  };
}
