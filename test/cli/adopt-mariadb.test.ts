import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mariadbBinaries, WITHOUT_MARIADB } from "../../lib/local-cloud/mariadb/binaries.ts";
import type { WalkReport } from "../../lib/operator/adopting/walk.ts";
import { cdk, type Environment, exportedIn } from "./cdk.ts";
import { Sla, slaIn } from "./sla.ts";

const hasMariadb = (await mariadbBinaries()) !== undefined;
if (!hasMariadb) console.log(`adopting MariaDB by hand: skipped, ${WITHOUT_MARIADB}`);

const LONG = { timeout: 600_000 };
const FLEET = "test/fixtures/market-fleet.yaml";
const REGIONS = ["eu-west-1", "eu-south-2", "eu-west-2", "eu-west-3"];

/** A provider whose shop is on MariaDB and whose till is on PostgreSQL, none of them looked after yet. */
describe.skipIf(!hasMariadb)("a market that begins with its databases as they are", () => {
  let cloud: Sla | undefined;
  let env: Environment = {};

  beforeAll(async () => {
    cloud = new Sla(["local", "up", "--unadopted", "--fleet", FLEET]);
    await cloud.until("the guide", () => /Ctrl-C ends it/.test(String(cloud?.stdout)));
    const passwords = [...cloud.stdout.matchAll(/\b((?:NODE_|PG|MYSQL_)\w+)=(\S+)/g)];
    env = {
      ...exportedIn(cloud.stdout),
      ...Object.fromEntries(passwords.map(([, name, value]) => [String(name), String(value)])),
      ...{ TMPDIR: cloud.temporary, SLA_FLEET: FLEET },
    };
  }, 150_000);
  afterAll(() => cloud?.end());

  const typed = (...args: readonly string[]) => slaIn(env, ...args, "--fleet", FLEET);
  async function adopted() {
    const { exitCode, stdout, stderr } = await typed("adopt", "--all", "--json");
    const { instances } = JSON.parse(stdout) as { readonly instances: readonly WalkReport[] };
    return { exitCode, instances, said: `${stderr}${stdout}` };
  }

  it("is proposed with the engine of each, and without a promise", LONG, async () => {
    const { exitCode, stdout, stderr } = await slaIn(
      env,
      ...["adopt", "--scan", "--regions", "eu-west-1,eu-south-2"],
    );
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/engine: mariadb/);
    expect(stdout).toMatch(/primary: till-1/);
    expect(stdout).not.toMatch(/plan: \w/);
  });

  it("is adopted up to its deployment, deployed, and looked after", LONG, async () => {
    const before = await adopted();
    expect(before, before.said).toMatchObject({
      exitCode: 1,
      instances: [{ isWhole: false }, { isWhole: false }],
    });
    const where = REGIONS.map((region) => `aws://666666666666/${region}`);
    const bootstrapped = await cdk(env, "bootstrap", ...where);
    expect(bootstrapped, bootstrapped.output).toMatchObject({ exitCode: 0 });
    const deployed = await cdk(
      env,
      ...["deploy", "--all", "--require-approval", "never"],
      ...["--output", `${cloud?.temporary}/cdk.out`],
    );
    expect(deployed, deployed.output).toMatchObject({ exitCode: 0 });
    const after = await adopted();
    expect(after, after.said).toMatchObject({
      exitCode: 0,
      instances: [{ isWhole: true }, { isWhole: true }],
    });
  });

  it("is moved as planned", LONG, async () => {
    const moved = await typed("failover", "shop", "--planned", "--reason", "a test");
    expect(moved, `${moved.stdout}${moved.stderr}`).toMatchObject({ exitCode: 0 });
    expect(moved.stdout).toMatch(/eu-west-1/);
  });
});
