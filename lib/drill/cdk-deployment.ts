import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { LocalCloud } from "../local-cloud/cloud.ts";
import { type AssemblyStack, readAssembly } from "../local-cloud/cloudformation/assembly.ts";
import { FOREIGN_STACKS, STACKS } from "../local-cloud/services.ts";
import type { Fleet } from "../sla/fleet.ts";
import { type Cdk, type CdkIdentity, cdkOn } from "./cdk.ts";
import type { Deployment } from "./result.ts";

/** Stacks at once: each waits more than it works. */
const CONCURRENCY = 4;

/**
 * `cdk bootstrap` and `cdk deploy --all` by the pinned CLI, as on a provider's first day. Throws UserError with what the
 * CLI says if either fails.
 */
export async function deployByCdk(
  cloud: LocalCloud,
  fleet: Fleet,
  assembly: string,
  progress: (line: string) => void,
): Promise<Deployment> {
  const own = fleet.provider.account;
  const stacks = readAssembly({
    ...{ directory: assembly, account: own, stacks: STACKS, foreign: FOREIGN_STACKS },
  });
  const cdk = cdkOn(cloud);
  const bootstrapping = Date.now();
  for (const [account, regions] of environmentsIn(stacks)) {
    await bootstrap(cloud, cdk, { account, own, regions }, progress);
  }
  const deploying = Date.now();
  // The CLI leaves locks and archives in the folder that it deploys.
  const copy = join(cloud.ground.directory, "cdk.out");
  await cp(assembly, copy, { recursive: true });
  const args = ["deploy", ...stacks.map(({ name }) => name), "--app", copy];
  const flags = ["--require-approval", "never", "--concurrency", String(CONCURRENCY)];
  await cdk.run([...args, ...flags], cloud.ground.credentials, (line) => {
    const done = DEPLOYED.exec(line);
    if (done) progress(`cdk deploy: ${done[1]}`);
  });
  return {
    by: `aws-cdk ${cdk.version}`,
    stacks: stacks.map(({ name }) => name).toSorted(),
    bootstrapSeconds: (deploying - bootstrapping) / 1000,
    deploySeconds: (Date.now() - deploying) / 1000,
  };
}

/** `✅  Sla-eu-west-1`, one line a stack. */
const DEPLOYED = /^\s*✅ +(\S+)$/u;
const BOOTSTRAPPED = /Environment (\S+) bootstrapped/;

/** Regions by account. */
export function environmentsIn(
  stacks: readonly Pick<AssemblyStack, "account" | "region">[],
): ReadonlyMap<string, readonly string[]> {
  const places = Map.groupBy(stacks, ({ account }) => account);
  return new Map(
    [...places].map(([account, its]) => [
      account,
      [...new Set(its.map(({ region }) => region))].toSorted(),
    ]),
  );
}

interface Place {
  readonly account: string;
  /** The provider's: whoever deploys into another one is trusted there. */
  readonly own: string;
  readonly regions: readonly string[];
}

async function bootstrap(
  cloud: LocalCloud,
  cdk: Cdk,
  { account, own, regions }: Place,
  progress: (line: string) => void,
): Promise<void> {
  const places = regions.map((region) => `aws://${account}/${region}`);
  const isOthers = account !== own;
  const trust = ["--trust", own, "--cloudformation-execution-policies", ADMINISTRATOR];
  const as = isOthers ? await administratorOf(cloud, account) : cloud.ground.credentials;
  await mkdir(join(cloud.ground.directory, "cdk"), { recursive: true });
  await cdk.run(["bootstrap", ...places, ...(isOthers ? trust : [])], as, (line) => {
    const done = BOOTSTRAPPED.exec(line);
    if (done) progress(`cdk bootstrap: ${done[1]}`);
  });
}

const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";

async function administratorOf({ url, ground }: LocalCloud, account: string): Promise<CdkIdentity> {
  const client = new STSClient({
    region: "us-east-1",
    endpoint: url,
    credentials: ground.credentials,
  });
  const RoleArn = `arn:aws:iam::${account}:role/admin`;
  const { Credentials: given } = await client.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "drill" }),
  );
  client.destroy();
  return {
    accessKeyId: String(given?.AccessKeyId),
    secretAccessKey: String(given?.SecretAccessKey),
    sessionToken: String(given?.SessionToken),
  };
}
