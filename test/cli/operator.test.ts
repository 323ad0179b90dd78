import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Stage } from "../../lib/drill/stage.ts";
import { everyVantageSawHealthy, resolveNames } from "../../lib/drill/witness.ts";
import type { FleetStatus } from "../../lib/operator/fleet-status.ts";
import { eventsOf, onStage } from "../drills/rehearsal.ts";
import { HARBOUR, Sla, slaIn } from "./sla.ts";

const PACE = 60;
const LONG = { timeout: 90_000 };

describe("a person at a terminal, against a running cloud", () => {
  let stage: Stage;
  let env: Readonly<Record<string, string>> = {};
  const sla = (...args: readonly string[]) => slaIn(env, ...args, "--fleet", HARBOUR);
  const failover = (...args: readonly string[]) =>
    sla("failover", "tern", "--reason", "a rehearsal", ...args);
  const mailsOf = (what: string) =>
    eventsOf(stage, "sns", "EmailDelivered").filter(({ detail }) =>
      String(detail["subject"]).includes(`maintenance ${what}`),
    ).length;
  const started = () => eventsOf(stage, "states", "StartExecution");

  beforeAll(async () => {
    stage = await onStage(HARBOUR, PACE);
    const { credentials } = stage.cloud.ground;
    env = {
      AWS_ENDPOINT_URL: stage.cloud.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SLA_PACE: String(PACE),
    };
    await everyVantageSawHealthy(stage, () => {});
  }, 150_000);
  afterAll(() => stage?.close());

  it("is told that all is well, in lines and in JSON", LONG, async () => {
    const found = await vi.waitUntil(
      async () => {
        const run = await sla("status", "--json");
        return run.exitCode === 0 && run;
      },
      { timeout: 60_000, interval: 500 },
    );
    const { instances, ok } = JSON.parse(found.stdout) as FleetStatus;
    expect(ok).toBe(true);
    expect(instances).toMatchObject([
      {
        instance: "tern",
        roles: { epoch: 1, owner: "eu-west-1", primary: { database: "tern-1" } },
        redundancy: "streaming",
        rpo: { allowedSeconds: 5 },
      },
      { instance: "gull", redundancy: "none-sold", roles: { owner: "eu-west-3" } },
    ]);
    const lines = (await sla("status")).stdout.split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}primary +tern-1 in eu-south-2/));
  });

  it("is proposed the fleet that the account holds, and nothing is changed", LONG, async () => {
    const before = stage.cloud.ground.log.all().length;
    const regions = Object.keys(stage.fleet.sites);
    const asked = ["adopt", "--scan", "--regions", regions.join(",")];
    const { exitCode, stdout, stderr } = await slaIn(env, ...asked, "--json");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringMatching(/2 proposed/),
    });
    const { fleet, unread, skipped } = JSON.parse(stdout);
    expect({ unread, skipped }).toEqual({ unread: [], skipped: [] });
    const proposed = new Map<string, unknown>(
      fleet.instances.map((each: { readonly database: { readonly primary: string } }) => [
        each.database.primary,
        each,
      ]),
    );
    for (const { home, standby, database, app, dns } of stage.fleet.instances) {
      const { primary, standby: replica } = database;
      const seats = app && { home: app.home, ...(app.standby && { standby: app.standby }) };
      expect(proposed.get(primary)).toMatchObject({
        ...{ home, plan: null, failover: "alert-only" },
        ...(standby && { standby }),
        database: { primary, ...(replica && { standby: replica }) },
        dns: { zone: dns.zone, names: dns.names },
        ...(seats && { app: seats }),
      });
    }
    for (const region of new Set(stage.fleet.instances.map(({ home }) => home))) {
      const { vpc, subnets, securityGroup, quarantineGroup } = stage.fleet.sites[region] ?? {};
      expect(fleet.sites[region]).toMatchObject({ vpc, subnets, securityGroup, quarantineGroup });
    }
    const changes = stage.cloud.ground.log
      .all()
      .slice(before)
      .filter(
        ({ operation, trace }) =>
          trace === undefined && /^(Create|Modify|Put|Delete|Change)/.test(operation),
      );
    expect(changes).toEqual([]);
    const { stdout: yaml } = await slaIn(env, ...asked);
    expect(yaml).toMatch(/^ {4}plan: # \? what was sold$/m);
  });

  it("goes on telling with --watch, until Ctrl-C", LONG, async () => {
    const run = new Sla(["status", "--watch", "--fleet", HARBOUR], env);
    try {
      await run.until("a second time", () => run.stdout.split("tern (ferry)").length > 2);
      run.interrupt();
      expect(await run.exitCode).toBe(0);
      expect(run.stderr).toBe("");
    } finally {
      await run.end();
    }
  });

  it("learns what would halt, and nothing starts, without or with --dry-run", LONG, async () => {
    for (const args of [[], ["--dry-run"]]) {
      const { exitCode, stdout, stderr } = await failover(...args);
      expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 1, stderr: "" });
      expect(stdout).toMatch(/^ {2}HaltRecovered: tern answers: up at the look of/m);
      expect(stdout).toMatch(/^ {2}npx sla failover tern .* --even-if-alive$/m);
    }
    expect(started()).toEqual([]);
    const { exitCode, stdout } = await failover("--dry-run", "--even-if-alive");
    expect(stdout).toContain("Nothing known stands in its way.");
    expect(exitCode).toBe(0);
    expect(started()).toEqual([]);
  });

  it("announces maintenance that holds failovers back, and takes it back", LONG, async () => {
    const add = ["maintenance", "add", "--all", "--emergency", "--for", "1h", "--no-failover"];
    const wish = [...add, "--reason", "new disks"];
    const outlook = await sla(...wish);
    expect(outlook, outlook.stdout).toMatchObject({ exitCode: 0, stderr: "" });
    expect(outlook.stdout).toMatch(/^Nothing is announced\. With --yes it is\.$/m);
    expect((await sla("maintenance", "list")).stdout).toMatch(/^no maintenance is announced/);

    const told = await sla(...wish, "--yes", "--json");
    expect(told, told.stdout).toMatchObject({ exitCode: 0, stderr: "" });
    const { window } = JSON.parse(told.stdout) as { readonly window: string };
    const list = async () => (await sla("maintenance", "list")).stdout;
    expect(await list()).toMatch(new RegExp(`^${window}: emergency, in-progress$`, "m"));
    expect(await list()).toMatch(/^ {2}counts +ferry: COUNTED as downtime: the plan leaves no/m);
    await vi.waitUntil(() => mailsOf("announced") === 3, { timeout: 30_000, interval: 200 });

    const { stdout } = await failover("--dry-run", "--even-if-alive");
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      `HaltMaintenance: tern: maintenance ${window}`,
    );
    const forced = await failover("--dry-run", "--even-if-alive", "--force");
    expect(forced.stdout).toContain("Nothing known stands in its way.");

    const month = new Date().toISOString().slice(0, 7);
    const report = await sla("report", "--month", month, "--json");
    expect(JSON.parse(report.stdout).instances).toMatchObject([
      { instance: "tern", windows: [{ window, counted: null, because: "not-sold" }] },
      { instance: "gull", windows: [{ window }] },
    ]);

    const cancelled = await sla("maintenance", "cancel", window, "--reason", "done early");
    expect(cancelled, cancelled.stdout).toMatchObject({ exitCode: 0, stderr: "" });
    expect(cancelled.stdout.trim()).toBe(`${window} is over`);
    const again = await sla("maintenance", "cancel", window, "--reason", "twice");
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toMatch(/was cancelled at .*: nothing is left to cancel$/m);
    await vi.waitUntil(() => mailsOf("is over") === 3, { timeout: 30_000, interval: 200 });
    expect(started()).toEqual([]);
  });

  it("moves a living primary: fenced first, then promoted, then DNS", LONG, async () => {
    const before = await resolveNames(stage);
    const run = await failover("--even-if-alive");
    expect(run, run.stdout).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toMatch(/^started fo-tern-e1-p\d+ in eu-west-1$/m);
    expect(run.stdout).toMatch(/^ +\+\d+\.\d s {2}Fence +fenced: quarantined/m);
    expect(run.stdout.trim().split("\n").at(-1)).toBe("tern: done");
    const [fenced] = eventsOf(stage, "rds", "ModifyDBInstance");
    const [promoted] = eventsOf(stage, "rds", "PromoteReadReplica");
    const [flipped] = eventsOf(stage, "route53", "ChangeResourceRecordSets").filter(
      ({ at }) => at >= (promoted?.at ?? 0),
    );
    expect(fenced?.at).toBeLessThan(promoted?.at ?? 0);
    expect(flipped).toBeDefined();
    const after = await resolveNames(stage);
    expect(after.get("tern")).not.toBe(before.get("tern"));
    expect(after.get("gull")).toBe(before.get("gull"));

    const status = await sla("status");
    expect(status.stdout).toMatch(/^ {2}primary +tern-2 in eu-west-1, epoch 2 /m);
    expect(status.stdout).toMatch(/^ {2}→ redundancy degraded/m);
    expect(status.exitCode).toBe(1);
  });
});

const FLEET = ["--fleet", HARBOUR] as const;
const REFUSED: readonly (readonly [string, RegExp, readonly string[]])[] = [
  ["an unknown instance", /the fleet has no 'heron'; it has tern, gull/, ["abort", "heron"]],
  ["no reason", /--reason: say why/, ["failover", "tern"]],
  ["an empty reason", /--reason: say why/, ["failover", "tern", "--reason", " "]],
  [
    "a loss without a unit",
    /--allow-loss: '7' is no duration: expected .*; or any/,
    ["failover", "tern", "--reason", "x", "--allow-loss", "7"],
  ],
  ["no credentials", /no AWS credentials: set AWS_PROFILE, or/, ["status"]],
];

describe("a person at a terminal, with what cannot work", () => {
  it.for(REFUSED)("is told of %s in one line", { timeout: 60_000 }, async ([, line, args]) => {
    const nobody = { AWS_EC2_METADATA_DISABLED: "true", HOME: "/nowhere", AWS_ACCESS_KEY_ID: "" };
    const { exitCode, stdout, stderr } = await slaIn(nobody, ...args, ...FLEET);
    expect(stderr).toMatch(line);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  it("is told that nothing answers there", { timeout: 60_000 }, async () => {
    const nowhere = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", SLA_PACE: "60" };
    const keys = { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" };
    const { exitCode, stderr } = await slaIn({ ...nowhere, ...keys }, "status", ...FLEET);
    expect(stderr).toMatch(/^sla: sites: no ledger answers in eu-west-1, .*ECONNREFUSED/);
    expect(exitCode).toBe(2);
  });
});
