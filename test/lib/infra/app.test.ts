import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "sla-app-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function synthesize(fleet: string) {
  const file = join(directory, "fleet.yaml");
  writeFileSync(file, fleet);
  return spawnSync(process.execPath, ["bin/app.ts"], {
    env: { ...process.env, SLA_FLEET: file, CDK_OUTDIR: join(directory, "cdk.out") },
    encoding: "utf8",
  });
}

const example = readFileSync("examples/fleet.yaml", "utf8");

describe("cdk synth", () => {
  it("of a fleet with mistakes names their places, ends with 2 and shows no stack", () => {
    const { status, stderr } = synthesize(example.replace("control: eu-west-1", "control: moon-1"));
    expect(status).toBe(2);
    expect(stderr).toMatch(/fleet\.yaml:\d+:\d+ control/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("of a promise that cannot be kept says which and ends with 1", () => {
    const { status, stderr } = synthesize(example.replaceAll("ttl: 60", "ttl: 3600"));
    expect(stderr).toContain("promises what it cannot keep");
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(1);
  });

  it("of a file that is not there says so", () => {
    const { status, stderr } = spawnSync(process.execPath, ["bin/app.ts"], {
      env: { ...process.env, SLA_FLEET: join(directory, "absent.yaml") },
      encoding: "utf8",
    });
    expect(status).toBe(2);
    expect(stderr).toContain("does not exist");
  });
});
