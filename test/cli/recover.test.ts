import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../lib/drill/eventually.ts";
import type { BackupView } from "../../lib/operator/backup-view.ts";
import type { FleetStatus } from "../../lib/operator/fleet-status.ts";
import { eventsOf } from "../drills/rehearsal.ts";
import { withBackups } from "./harbour-backups.ts";
import { onHarbour } from "./on-harbour.ts";

const LONG = { timeout: 150_000 };
const [HOME, STANDBY, FAR] = ["eu-south-2", "eu-west-1", "eu-west-3"] as const;
const TAKEN_ON = ["--even-if-alive", "--even-with-standby", "--allow-loss", "any"] as const;

describe("a recovery by a person at a terminal, against a running cloud", () => {
  const harbour = onHarbour(withBackups);
  const { sla } = harbour;
  const recover = (...args: readonly string[]) =>
    sla("recover", "tern", "--reason", "a rehearsal", ...args);
  const started = () =>
    eventsOf(harbour.stage, "states", "StartExecution").filter(({ detail }) =>
      JSON.stringify(detail).includes("sla-recover"),
    );
  const tern = async () => {
    const { stdout } = await sla("status", "--json");
    return (JSON.parse(stdout) as FleetStatus).instances[0];
  };

  beforeAll(async () => {
    await eventually("a backup in every place", 200_000, async () => {
      const { stdout } = await sla("backups", "tern", "--json", "--now");
      if (stdout === "") return undefined;
      const [newest] = (JSON.parse(stdout) as BackupView).backups;
      const places = [HOME, STANDBY, FAR];
      return places.every((place) => newest?.states[place] === "available") || undefined;
    });
  }, 300_000);

  it("first says from what, what is lost, and that a failover would lose less", LONG, async () => {
    const { exitCode, stdout, stderr } = await recover("--dry-run");
    expect([exitCode, stderr]).toEqual([1, ""]);
    for (const place of [HOME, STANDBY, FAR]) expect(stdout).toMatch(new RegExp(`${place} +20`));
    expect(stdout).toMatch(/HaltStandbyThere: tern: tern-2 in eu-west-1 stands by/);
    const command = stdout.trimEnd().split("\n").at(-1) ?? "";
    expect(command).toMatch(
      /^ {2}npx sla recover tern --reason 'a rehearsal' .*--even-with-standby/,
    );
    const wide = stdout.split("\n").filter((line) => line.length > 80);
    expect(wide.filter((line) => line !== command)).toEqual([]);
    expect(started()).toEqual([]);
  });

  it("says of what cannot be restored which instant could", LONG, async () => {
    const { exitCode, stdout, stderr } = await recover("--at", "2020-01-01T00:00Z");
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^sla: --at: nothing of tern is as old as .*; the oldest .* is of 20/);
  });

  it("brings it back where it is asked to, each step told, and it serves there", LONG, async () => {
    const { exitCode, stdout, stderr } = await recover("--to", FAR, ...TAKEN_ON);
    expect(stdout + stderr).toMatch(/tern: done; its primary is tern-1-slar1 in eu-west-3/);
    expect(stdout).toMatch(/Adopt +\S+ has its password of now/);
    expect(stdout).toMatch(/from {2}backup sla-tern-/);
    expect(stdout).toMatch(/RTO {3}\d.*\n {2}RPO {3}\d/);
    expect(exitCode).toBe(0);
    expect(await tern()).toMatchObject({
      roles: {
        ...{ epoch: 2, primary: { region: FAR, database: "tern-1-slar1" } },
        former: [{ database: "tern-2" }, { database: "tern-1" }],
      },
    });
  });

  it("undoes what came after an instant, and tells programs so", LONG, async () => {
    const at = new Date().toISOString();
    const { exitCode, stdout, stderr } = await recover("--at", at, "--to", HOME, "--json");
    const told = JSON.parse(stdout || "{}") as object;
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(told).toMatchObject({
      ...{ instance: "tern", region: HOME, halts: [], outcome: "done" },
      ...{ request: { recovery: { at }, epoch: 2 }, takes: { database: "tern-1-slar2" } },
      restored: { point: { from: "backup" } },
    });
    expect(started()).toHaveLength(2);
  });
});
