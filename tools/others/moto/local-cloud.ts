import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCloud } from "../../../lib/local-cloud/cloud.ts";
import { ACCOUNT, ELSEWHERE, HERE } from "./case.ts";

/** A network in each region, as AWS's default one: nobody makes one by the API here. */
function describeNetworks({ groups, subnets }: LocalCloud["ground"]): void {
  for (const region of [HERE, ELSEWHERE]) {
    const vpc = `vpc-${region}`;
    subnets.describe(region, vpc, [`subnet-${region}-a`, `subnet-${region}-b`]);
    groups.create(region, `sg-${region}`, { vpc });
  }
}

/** Runs a command beside an empty local cloud, which it finds by the usual variables; answers its exit code. */
async function beside([command = "", ...args]: readonly string[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "beside-moto-"));
  // PostgreSQL does not run as root: another user passes through.
  chmodSync(directory, 0o711);
  const cloud = await LocalCloud.start({
    account: ACCOUNT,
    pace: 1,
    directory,
    keepsBackups: true,
  });
  describeNetworks(cloud.ground);
  // Whoever has an account has images to start machines from; here one has to be of a machine.
  cloud.services.machines.add(HERE, { tags: { Name: "the-first" } });
  try {
    const { accessKeyId, secretAccessKey } = cloud.ground.credentials;
    const child = spawn(
      "env",
      [
        `AWS_ENDPOINT_URL=${cloud.url}`,
        `AWS_ACCESS_KEY_ID=${accessKeyId}`,
        `AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
        ...[command, ...args],
      ],
      { stdio: "inherit" },
    );
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    child.on("exit", (code) => resolve(code ?? 1)).on("error", reject);
    return await promise;
  } finally {
    await cloud.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

process.exitCode = await beside(process.argv.slice(2));
