import { Resolver } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  AddTagsToResourceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { s3Ledgers } from "../../functions/aws/s3-ledger.ts";
import { clockFrom } from "../../functions/kernel/clock.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { RECONCILE_FUNCTION } from "../../functions/reconcile/contract.ts";
import type { Statements } from "../../functions/report/contract.ts";
import { sealDays } from "../../functions/report/seal-days.ts";
import { readFleet } from "../../lib/fleet/parse.ts";
import type { BackupView } from "../../lib/operator/backup-view.ts";
import type { GameDayRecord } from "../../lib/operator/game-day/record.ts";
import { type Environment, exportedIn } from "./cdk.ts";
import { Sla, slaIn } from "./sla.ts";
import { Terminal } from "./terminal.ts";

const LONG = { timeout: 300_000 };
const DAY_MS = 86_400_000;
const FLEET = "examples/canary.yaml";
const [HOME, STANDBY] = ["eu-south-2", "eu-west-1"] as const;
const SITES = [HOME, STANDBY, "eu-west-3"];
const [CLIENTS, CUT, QUARANTINE] = [["sg-c2"], ["sg-c2g"], ["sg-c2q"]];

/** What docs/game-day.md lets a person type who rehearses one, line by line. */
const LINES = (readFileSync("docs/game-day.md", "utf8").split("## Rehearsing it\n")[1] ?? "")
  .split("\n")
  .flatMap((line) => /^ {4}(\S.*)$/.exec(line)?.[1] ?? []);
function lineWith(part: string): string {
  const [line, ...more] = LINES.filter((each) => each.includes(part));
  if (line !== undefined && more.length === 0) return line;
  throw new Error(`expected one line with '${part}' among:\n${LINES.join("\n")}`);
}

describe("a game day on the local cloud, as docs/game-day.md says", () => {
  let cloud: Sla | undefined;
  let env: Environment = {};
  const sla = (...args: readonly string[]) => slaIn(env, ...args, "--fleet", FLEET);
  const at = (region: string) => ({
    region,
    endpoint: String(env["AWS_ENDPOINT_URL"]),
    credentials: {
      accessKeyId: String(env["AWS_ACCESS_KEY_ID"]),
      secretAccessKey: String(env["AWS_SECRET_ACCESS_KEY"]),
    },
  });

  beforeAll(async () => {
    const [, ...args] = lineWith("sla local up").split(" ").slice(1);
    cloud = new Sla(args);
    const isUp = () => /Ctrl-C ends it/.test(String(cloud?.stdout));
    await cloud.until("the guide", isUp, 280_000);
    const [, trusted = ""] = /NODE_EXTRA_CA_CERTS=(\S+)/.exec(cloud.stdout) ?? [];
    env = { ...exportedIn(cloud.stdout), NODE_EXTRA_CA_CERTS: trusted, TMPDIR: cloud.temporary };
  }, 300_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await cloud?.end();
  });

  async function typed(line: string) {
    const terminal = new Terminal(line, env);
    return { exitCode: await terminal.exitCode, screen: terminal.screen };
  }
  /** By a person at a terminal, who has read the question. */
  async function begun(more: Environment = {}): Promise<Terminal> {
    const terminal = new Terminal(lineWith("--reason"), { ...env, ...more });
    await terminal.until(/Type the name of the instance/);
    terminal.type("canary\r");
    return terminal;
  }
  const outlook = () => typed(lineWith("--dry-run"));
  const allHolds = () =>
    vi.waitUntil(
      async () => {
        const { exitCode, screen } = await outlook();
        return exitCode === 0 && screen;
      },
      { timeout: 240_000, interval: 1000 },
    );
  const database = async (region: string, name: string) => {
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: name });
    const { DBInstances: [found] = [] } = await new RDSClient(at(region)).send(command);
    return found;
  };
  const groups = async () =>
    (await database(HOME, "canary-db"))?.VpcSecurityGroups?.map((each) => each.VpcSecurityGroupId);

  it("is refused while something is missing, and says what mends it", LONG, async () => {
    const { exitCode, screen } = await outlook();
    expect(exitCode).toBe(1);
    expect(screen).toContain("✗ both databases allow it, by their tag");
    expect(screen).toContain(`aws --region ${HOME} rds add-tags-to-resource --resource-name arn`);
    expect(screen).toMatch(/^ {6}npx sla restore-test canary$/m);
    expect(screen).toMatch(/^ {6}npx cdk bootstrap aws:\/\/444444444444\/eu-/m);
    expect(screen).toMatch(/^Nothing is changed: \d+ of \d+ do not hold/m);
  });

  it("is prepared: bootstrapped, tagged, a backup of it proven", LONG, async () => {
    const bootstrapped = typed(lineWith("cdk bootstrap"));
    for (const [region, name] of [
      [HOME, "canary-db"],
      [STANDBY, "canary-db-standby"],
    ] as const) {
      // Not every machine has the command line of AWS.
      const said = /--resource-name (\S+) --tags Key=(\S+),Value=(\S+)$/.exec(
        lineWith(`:db:${name} `),
      );
      const [, ResourceName, Key, Value] = said ?? [];
      const command = new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key, Value }] });
      await new RDSClient(at(region)).send(command);
    }
    await vi.waitUntil(
      async () => {
        // Its schedule comes every quarter of an hour.
        for (const site of SITES) {
          const Payload = JSON.stringify({ look: true });
          await new LambdaClient(at(site)).send(
            new InvokeCommand({ FunctionName: RECONCILE_FUNCTION, Payload }),
          );
        }
        const { stdout } = await sla("backups", "canary", "--json", "--now");
        const [newest] = stdout === "" ? [] : (JSON.parse(stdout) as BackupView).backups;
        return SITES.every((place) => newest?.states[place] === "available");
      },
      { timeout: 200_000, interval: 1000 },
    );
    for (const each of [typed(lineWith("restore-test")), bootstrapped]) {
      const { exitCode, screen } = await each;
      expect(exitCode, screen).toBe(0);
    }
    const screen = await allHolds();
    expect(screen).toContain("Nothing is changed, and nothing known stands in its way.");
    expect(screen.split("\n").filter((line) => /^ /.test(line) && line.length > 80)).toEqual([]);
  });

  it("is called off by Ctrl-C, and the primary serves as before", LONG, async () => {
    const terminal = await begun();
    await terminal.until(/canary-db: rebooting, its sessions end/);
    terminal.pressCtrlC();
    // Of npx, which has got the signal as well.
    expect(await terminal.exitCode).not.toBe(0);
    expect(terminal.screen).toMatch(/Ctrl-C: it is called off; once more leaves it as it is/);
    expect(terminal.screen).toMatch(/outcome +called-off: a person called it off/);
    expect(await groups()).toEqual(CLIENTS);
  });

  it("is left as it is by Ctrl-C twice, and given back from elsewhere", LONG, async () => {
    await allHolds();
    // At the pace of AWS it waits for RDS as long as a person needs to press twice.
    const terminal = await begun({ SLA_PACE: "1" });
    await terminal.until(/canary-db: its group is sg-c2g/);
    terminal.pressCtrlC();
    await terminal.until(/once more leaves it as it is/);
    const pressedAt = Date.now();
    await vi.waitUntil(() => Date.now() - pressedAt > 1100, { timeout: 10_000 });
    terminal.pressCtrlC();
    expect(await terminal.exitCode, terminal.screen).toBe(130);
    expect(terminal.screen).toMatch(/canary-db in eu-south-2 may still be in sg-c2g/);
    expect(await groups()).toEqual(CUT);

    const { exitCode, screen } = await typed(lineWith("--give-back"));
    expect(exitCode, screen).toBe(0);
    expect(screen).toMatch(/outcome +called-off: a person gave it back/);
    expect(await groups()).toEqual(CLIENTS);
  });

  it("ends with clients on the new primary, within what was sold", LONG, async () => {
    await allHolds();
    const terminal = await begun();
    expect(await terminal.exitCode, terminal.screen).toBe(0);
    expect(terminal.screen).toMatch(/^OK: game day of canary$/m);
    expect(terminal.screen).toMatch(/outcome +recovered$/m);
    const resolver = new Resolver();
    const [, server = "", port = ""] = /dig @(\S+) -p (\d+)/.exec(String(cloud?.stdout)) ?? [];
    resolver.setServers([`${server}:${port}`]);
    const { Endpoint } = (await database(STANDBY, "canary-db-standby")) ?? {};
    expect(await resolver.resolveCname("db.canary.provider.example")).toEqual([Endpoint?.Address]);
    expect(await groups()).toEqual(QUARANTINE);
  });

  it("is in the month's report, and sealed with its day", LONG, async () => {
    const month = new Date().toISOString().slice(0, 7);
    const { stdout } = await sla("report", "--month", month, "--json");
    const { instances } = JSON.parse(stdout) as {
      readonly instances: readonly { readonly gameDays: readonly GameDayRecord[] }[];
    };
    const held = instances[0]?.gameDays ?? [];
    expect(held.map(({ outcome }) => outcome)).toEqual(["called-off", "called-off", "recovered"]);

    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const clock = { ...clockFrom({}), now: () => new Date(Date.now() + DAY_MS) };
    const fleet = readFleet(FLEET);
    const ledger = s3Ledgers({ account: fleet.provider.account, clock })(HOME);
    const ports = { site: HOME, ledger, mirror: undefined, vault: undefined, fleet, clock };
    const { sealed } = await sealDays(ports);
    const lists = await Promise.all(
      sealed.map(async (day) => (await ledger.read<Statements>(keys.statements(day)))?.value),
    );
    const names = lists.flatMap((list) => list?.records.map(({ key }) => key) ?? []);
    expect(names.filter((key) => key.startsWith("game-days/"))).toEqual(
      held.map(({ id }) => keys.gameDay("canary", id, "record")),
    );
  });
});
