import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { register } from "../../../lib/cli/check.ts";
import { UserError } from "../../../lib/cli/user-error.ts";

const directory = mkdtempSync(join(tmpdir(), "check-"));
afterAll(() => rmSync(directory, { recursive: true }));

function fleetFile(name: string, from = "", to = ""): string {
  const path = join(directory, name);
  writeFileSync(path, readFileSync("examples/fleet.yaml", "utf8").replace(from, to));
  return path;
}

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function slaCheck(...argv: string[]): Promise<number> {
  const program = new Command("sla").exitOverride();
  register(program);
  await program.parseAsync(["node", "sla", "check", ...argv]);
  return Number(process.exitCode ?? 0);
}

describe("sla check", () => {
  it("exits 0 for the example and shows every instance in at most 80 plain columns", async () => {
    expect(await slaCheck(fleetFile("good.yaml"))).toBe(0);
    const text = printed.join("\n");
    expect(text).toMatch(/^acme \(mintsys\)$/m);
    expect(text).toMatch(/^ {2}RTO server loss +kept +30m +23m 23s +6m 37s +app\+db$/m);
    expect(text).toMatch(/^ {2}backups +kept +14 for 3 months/m);
    expect(text).toContain("3 instances: 27 promises kept, 0 broken, 7 kept if …, 12 not");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).not.toContain("\u001b");
  });

  it("exits 1 for a promise that cannot be kept and says which number to change and where", async () => {
    const path = fleetFile("slow.yaml", "ttl: 60", "ttl: 600");
    expect(await slaCheck(path)).toBe(1);
    const text = printed.join("\n");
    expect(text).toMatch(/RTO server loss +BROKEN +30m +32m 23s +-2m 23s/);
    expect(text).toContain("lower dns.ttl from 600 to at most 456");
    expect(text).toMatch(/slow\.yaml:\d+:12 instances\[0\]\.dns\.ttl/);
  });

  it("warns of a standby where no STOP flag could be watched", async () => {
    const swapped = readFileSync("examples/fleet.yaml", "utf8").replace(
      "home: eu-central-2\n    standby: eu-central-1\n    copies: [eu-central-1,",
      "home: eu-central-1\n    standby: eu-central-2\n    copies: [eu-central-2,",
    );
    const path = join(directory, "zurich.yaml");
    writeFileSync(path, swapped);
    expect(await slaCheck(path)).toBe(0);
    const text = printed.join("\n");
    expect(text).toMatch(/^! acme: dns\.stop 'own' has no effect: Lambda serves no function URLs/m);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    printed.length = 0;
    await slaCheck(path, "--json");
    expect(JSON.parse(printed.join("\n")).warnings).toHaveLength(1);
  });

  it("says how much of Lambda each site needs, and which number to ask for", async () => {
    await slaCheck(fleetFile("quota.yaml"));
    const text = printed.join(" ").replace(/\s+/g, " ");
    expect(text).toContain(
      "Each site needs 371 concurrent executions of Lambda (quota L-B99A9384)",
    );
    expect(text).toContain("ask for 1000 in eu-central-2");
    printed.length = 0;
    await slaCheck(fleetFile("quota.yaml"), "--json");
    expect(JSON.parse(printed.join("\n")).quotas[0]).toMatchObject({
      service: "lambda",
      needs: 366,
    });
  });

  it("throws what the command line turns into exit code 2 for bad input", async () => {
    const path = fleetFile("bad.yaml", "plan: odoo", "plan: oddo");
    const failure = await slaCheck(path).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("'oddo' is no plan"),
    });
  });

  it("throws the same for a file that is not there", async () => {
    await expect(slaCheck(join(directory, "none.yaml"))).rejects.toThrow(/does not exist/);
  });

  it("prints one JSON object with everything the table says", async () => {
    expect(await slaCheck(fleetFile("slow.yaml", "ttl: 60", "ttl: 600"), "--json")).toBe(1);
    const { ok, promises } = JSON.parse(printed.join("\n"));
    expect(ok).toBe(false);
    expect(promises[0]).toMatchObject({
      instance: "acme",
      plan: "mintsys",
      promise: "RTO server loss",
      status: "broken",
      covers: "application",
      seconds: { promised: 1800, achievable: 1943, margin: -143 },
      change: "lower dns.ttl from 600 to at most 456",
    });
  });
});
