import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCloud } from "../../../lib/local-cloud/cloud.ts";
import { ACCOUNT } from "./case.ts";

/** Runs a command beside an empty local cloud, which it finds by the usual variables; answers its exit code. */
async function beside([command = "", ...args]: readonly string[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "beside-moto-"));
  const cloud = await LocalCloud.start({ account: ACCOUNT, pace: 1, directory });
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
