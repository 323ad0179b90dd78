import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WalkReport } from "../../lib/operator/adopting/walk.ts";
import { type Environment, exportedIn } from "./cdk.ts";
import { type Block, blocksOf, notPrinted } from "./first-deploy.ts";
import { Sla } from "./sla.ts";

const LONG = { timeout: 900_000 };
/** An hour's TTL passes in a minute. */
const PACE = 60;
const FROZEN_ADMIN = "arn:aws:iam::222222222222:role/admin";
const OUTPUT_KEPT = 4000;
const ADOPT = "npx sla adopt --all";

/** As somebody would begin, with the README in one window and a terminal in the other. */
describe("the first deploy, as the README says", () => {
  let cloud: Sla | undefined;
  let env: Environment = {};
  let checkout = "";
  const blocks = blocksOf();

  beforeAll(async () => {
    cloud = new Sla([
      "local",
      "up",
      "--unadopted",
      "--pace",
      String(PACE),
      "--fleet",
      "examples/fleet.yaml",
    ]);
    await cloud.until("the guide", () => /Ctrl-C ends it/.test(String(cloud?.stdout)));
    const more = [...cloud.stdout.matchAll(/\b((?:NODE|PG)\w+)=(\S+)/g)];
    checkout = checkoutIn(cloud.temporary);
    env = {
      ...exportedIn(cloud.stdout),
      ...Object.fromEntries(more.map(([, name, value]) => [String(name), String(value)])),
      ...{ TMPDIR: cloud.temporary, CDK_HOME: cloud.temporary, CDK_REQUIRE_APPROVAL: "never" },
      ...{ NO_COLOR: "1", CI: "true", npm_config_update_notifier: "false" },
    };
  }, 150_000);
  afterAll(() => cloud?.end());

  const typed = (script: string, more: Environment = {}) =>
    shell(script, checkout, { ...env, ...more });
  const adopt = async (...args: readonly string[]) => {
    const { exitCode, output } = await typed(`npx sla adopt ${args.join(" ")} --json 2>/dev/null`);
    const said = JSON.parse(output.slice(output.indexOf("{"))) as {
      readonly instances: readonly WalkReport[];
    };
    return { exitCode, reports: said.instances, words: output };
  };
  const steps = (report: WalkReport | undefined) =>
    report?.steps.map(({ step, is }) => `${step} ${is}`);
  const databases = async (region: string) => {
    const client = new RDSClient(settings(region, env));
    return (await client.send(new DescribeDBInstancesCommand({}))).DBInstances ?? [];
  };
  const names = async () => {
    const client = new Route53Client(settings("us-east-1", env));
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: "Z0123456789ABC" });
    const { ResourceRecordSets = [] } = await client.send(command);
    return ResourceRecordSets.filter(({ Type }) => Type === "CNAME").map(
      ({ Name = "", TTL, Failover = "simple", HealthCheckId }) =>
        `${Name} ${TTL} ${Failover}${HealthCheckId === undefined ? "" : " checked"}`,
    );
  };

  /** Types a block and answers what was printed. */
  async function done(block: Block, exitCodes: readonly number[]): Promise<string> {
    const isOthers = block.typed.includes("--trust");
    const started = Date.now();
    const { exitCode, output } = await typed(block.typed, isOthers ? await frozenAdmin(env) : {});
    const took = ((Date.now() - started) / 1000).toFixed(0);
    console.info(`${took} s, exit ${exitCode}: ${block.typed.split("\n")[0]}`);
    const told = `${block.typed}\n${output.slice(-OUTPUT_KEPT)}`;
    expect(notPrinted(output, block.printed), told).toBe(undefined);
    expect(exitCodes, told).toContain(exitCode);
    return output;
  }

  const first = blocks.findIndex(({ typed: line }) => line === ADOPT);
  const [before, after] = [blocks.slice(0, first), blocks.slice(first)];

  it.each(before)("$typed", LONG, async (block) => {
    // What a dry run finds wanting is not ready.
    await done(block, [block.typed.includes("--dry-run") ? 1 : 0]);
  });

  it("loses nothing when it is killed on the way", LONG, async () => {
    expect(await names()).toContain("db.acme.example.ch. 3600 simple");
    const killed = new Sla(["adopt", "--all", "--fleet", "examples/fleet.yaml"], env);
    await killed.until("the replica", () => /acme: standby: make the replica/.test(killed.stderr));
    await killed.end();
    expect(await names()).toContain("db.acme.example.ch. 60 simple");
  });

  it.each(after)("$typed", LONG, async (block) => {
    const isFirst = block === after[0];
    // Until somebody has confirmed subscriptions, `sla status` has something to say.
    const isStatus = block.typed === "npx sla status";
    await done(block, isStatus ? [0, 1] : [isFirst ? 1 : 0]);
  });

  it("leaves names that move, and says so within a screen", LONG, async () => {
    const moving = (await names()).filter((name) => /^db\..* PRIMARY checked$/.test(name));
    expect(moving).toHaveLength(2);
    const { output } = await typed(`${ADOPT} 2>/dev/null`);
    const wide = output.split("\n").filter((line) => line.length > 80);
    expect(wide.filter((line) => !/^ +(aws|npx) /.test(line))).toEqual([]);
  });

  it("changes nothing when it is run again", LONG, async () => {
    const before = JSON.stringify([await names(), await databases("eu-central-1")]);
    const { exitCode, reports, words } = await adopt("--all");
    expect(exitCode, words).toBe(0);
    expect(reports.map(({ isWhole }) => isWhole)).toEqual([true, true, true]);
    expect(JSON.stringify([await names(), await databases("eu-central-1")])).toBe(before);
  });

  it("is taken back: nothing of ours stays, and clients are led as before", LONG, async () => {
    const refused = await adopt("acme", "--undo", "--yes");
    expect(steps(refused.reports[0])).toEqual(["left stuck"]);
    const left = await typed("npx sla leave acme --without-export --reason 'a test' --yes");
    expect(left, left.output).toMatchObject({ exitCode: 0 });
    const standbyOf = async () =>
      (await databases("eu-central-1")).some(
        ({ DBInstanceIdentifier }) => DBInstanceIdentifier === "acme-db-standby",
      );
    expect(steps((await adopt("acme", "--undo")).reports[0])).toContain("standby would");
    expect(await standbyOf()).toBe(true);
    const { exitCode, words } = await adopt("acme", "--undo", "--yes");
    expect(exitCode, words).toBe(0);
    expect(await standbyOf()).toBe(false);
    expect(await names()).toContain("db.acme.example.ch. 3600 simple");
    expect(await names()).toContain("acme.example.ch. 3600 simple");
  });
});

/** What a clone has, but for a fleet of its own. */
function checkoutIn(directory: string): string {
  const checkout = mkdtempSync(join(directory, "checkout-"));
  for (const name of ["bin", "lib", "functions", "examples", "node_modules"]) {
    symlinkSync(resolve(name), join(checkout, name));
  }
  for (const name of ["package.json", "package-lock.json", "cdk.json", "tsconfig.json"]) {
    copyFileSync(name, join(checkout, name));
  }
  return checkout;
}

async function frozenAdmin(env: Environment): Promise<Environment> {
  const client = new STSClient(settings("eu-west-1", env));
  const command = new AssumeRoleCommand({ RoleArn: FROZEN_ADMIN, RoleSessionName: "first" });
  const { Credentials: own } = await client.send(command);
  return {
    AWS_ACCESS_KEY_ID: String(own?.AccessKeyId),
    AWS_SECRET_ACCESS_KEY: String(own?.SecretAccessKey),
    AWS_SESSION_TOKEN: String(own?.SessionToken),
  };
}

async function shell(script: string, cwd: string, env: Environment) {
  const child = spawn("bash", ["-c", script], {
    ...{ cwd, env: { ...process.env, ...env } },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const exitCode = await new Promise<number>((done) =>
    child.once("close", (code) => done(code ?? -1)),
  );
  return { exitCode, output };
}

const settings = (region: string, env: Environment) => ({
  region,
  endpoint: String(env["AWS_ENDPOINT_URL"]),
  credentials: {
    accessKeyId: String(env["AWS_ACCESS_KEY_ID"]),
    secretAccessKey: String(env["AWS_SECRET_ACCESS_KEY"]),
  },
});
