import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { synthesize } from "../../lib/drill/synthesis.ts";
import type { WalkReport } from "../../lib/operator/adopting/walk.ts";
import { cdk, type Environment, exportedIn } from "./cdk.ts";
import { HARBOUR, Sla, slaIn } from "./sla.ts";

const ACCOUNT = "555555555555";
const PLACES = ["eu-west-1", "eu-south-2", "eu-west-3", "eu-west-2"];
const LONG = { timeout: 300_000 };
/** An hour's TTL passes in a minute. */
const PACE = 60;

describe("a living account, from nothing prepared to looked after", () => {
  let run: Sla | undefined;
  let env: Environment = {};
  const sla = (...args: readonly string[]) => slaIn(env, ...args, "--fleet", HARBOUR);
  const adopt = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await sla("adopt", ...args, "--json");
    const said = stdout.startsWith("{") ? JSON.parse(stdout) : { instances: [] };
    const reports = said.instances as readonly WalkReport[];
    return { exitCode, stderr, reports, words: JSON.stringify(reports, null, 1) };
  };
  const databases = async (region: string) =>
    (await new RDSClient(settings(region, env)).send(new DescribeDBInstancesCommand({})))
      .DBInstances;
  const names = async () => {
    const client = new Route53Client(settings("us-east-1", env));
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: "Z5HARBOUR00001" });
    const { ResourceRecordSets = [] } = await client.send(command);
    return ResourceRecordSets.filter(({ Type }) => Type === "CNAME").map(
      ({ Name = "", TTL, Failover = "simple", HealthCheckId }) =>
        `${Name} ${TTL} ${Failover}${HealthCheckId === undefined ? "" : " checked"}`,
    );
  };

  beforeAll(async () => {
    await synthesize(HARBOUR);
    run = new Sla(["local", "up", "--fleet", HARBOUR, "--unadopted", "--pace", String(PACE)]);
    await run.until("the guide", () => /Ctrl-C ends it/.test(String(run?.stdout)));
    const more = [...run.stdout.matchAll(/\b((?:NODE|PG)\w+)=(\S+)/g)];
    env = {
      ...exportedIn(run.stdout),
      ...Object.fromEntries(more.map(([, name, value]) => [name, value])),
      TMPDIR: run.temporary,
    };
  }, 150_000);
  afterAll(() => run?.end());

  it("is looked at without a change", LONG, async () => {
    const { exitCode, reports, words } = await adopt("--all", "--dry-run");
    expect(exitCode, words).toBe(1);
    expect(reports.map(({ steps }) => steps.map(({ step, is }) => `${step} ${is}`))).toEqual([
      [
        ...["checks done", "parameters would", "secret would", "role would", "TTL would"],
        ...["standby would", "names waiting", "deployed next"],
      ],
      [
        ...["checks done", "parameters done", "secret would", "role would", "TTL would"],
        ...["standby done", "names done", "deployed next"],
      ],
    ]);
    expect(await databases("eu-west-1")).toHaveLength(1);
    expect(await names()).toContain("db.tern.harbour.example. 3600 simple");
  });

  it("is made ready up to the deployment, though killed on the way", LONG, async () => {
    const killed = new Sla(["adopt", "--all", "--fleet", HARBOUR], env);
    await killed.until("the replica", () => /tern: standby: make the replica/.test(killed.stderr));
    killed.child.kill("SIGKILL");
    await killed.end();
    const { exitCode, reports, words } = await adopt("--all");
    expect(exitCode, words).toBe(1);
    expect(reports.map(({ steps }) => steps.at(-1)?.is)).toEqual(["next", "next"]);
    expect((await names()).toSorted()).toEqual([
      "db.gull.harbour.example. 60 simple",
      "db.tern.harbour.example. 60 PRIMARY",
      "db.tern.harbour.example. 60 SECONDARY",
      "gull.harbour.example. 60 simple",
      "tern.harbour.example. 60 PRIMARY",
      "tern.harbour.example. 60 SECONDARY",
    ]);
  });

  it("is deployed by the CDK, then looked after to the first heartbeat", LONG, async () => {
    const places = PLACES.map((region) => `aws://${ACCOUNT}/${region}`);
    const bootstrapped = await cdk(env, "bootstrap", ...places);
    expect(bootstrapped, bootstrapped.output).toMatchObject({ exitCode: 0 });
    const { directory } = await synthesize(HARBOUR);
    const flags = ["--require-approval", "never", "--concurrency", "2"];
    const deployed = await cdk(env, "deploy", "--all", "--app", directory, ...flags);
    expect(deployed, deployed.output).toMatchObject({ exitCode: 0 });
    const { exitCode, reports, words } = await adopt("--all");
    expect(exitCode, words).toBe(0);
    expect(reports.every(({ isWhole }) => isWhole)).toBe(true);
    expect((await names()).filter((name) => name.endsWith("PRIMARY checked"))).toHaveLength(2);
    const again = await sla("adopt", "tern");
    expect(again.stdout).toMatch(/^1 of 1 ready and looked after$/m);
    expect(
      again.stdout.split("\n").filter((line) => line.length > 80 && !/^ +(aws|npx) /.test(line)),
    ).toEqual([]);
  });

  it("is given back: nothing of ours stays, and clients are led as before", LONG, async () => {
    const refused = await adopt("tern", "--undo", "--yes");
    expect(refused.reports[0]?.steps.at(-1)).toMatchObject({ step: "left", is: "stuck" });
    const left = await sla("leave", "tern", "--without-export", "--reason", "a test", "--yes");
    expect(left, left.stdout + left.stderr).toMatchObject({ exitCode: 0 });
    expect((await adopt("tern", "--undo")).words).toContain("would");
    expect(await databases("eu-west-1")).toHaveLength(2);
    const { exitCode, words } = await adopt("tern", "--undo", "--yes");
    expect(exitCode, words).toBe(0);
    expect(await databases("eu-west-1")).toHaveLength(1);
    expect(await names()).toContain("db.tern.harbour.example. 3600 simple");
  });
});

const settings = (region: string, env: Environment) => ({
  region,
  endpoint: String(env["AWS_ENDPOINT_URL"]),
  credentials: {
    accessKeyId: String(env["AWS_ACCESS_KEY_ID"]),
    secretAccessKey: String(env["AWS_SECRET_ACCESS_KEY"]),
  },
});
