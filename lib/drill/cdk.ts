import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { UserError } from "../cli/user-error.ts";
import type { Credentials, LocalCloud } from "../local-cloud/cloud.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a refusal is likely to be found in. */
const LINES_SHOWN = 15;

/** The pinned CDK CLI, unchanged. */
export interface Cdk {
  readonly version: string;
  /** Runs it to its end, and tells what it prints line by line. Throws UserError with its last lines unless it exits 0. */
  run(args: readonly string[], as: CdkIdentity, tell: (line: string) => void): Promise<void>;
}

export interface CdkIdentity extends Credentials {
  readonly sessionToken?: string;
}

/** Throws UserError where it is not installed. */
export function cdkOn(cloud: LocalCloud): Cdk {
  const { program, version } = installed();
  return {
    version,
    async run(args, as, tell) {
      const { guard } = cloud.ground;
      const child = spawn(process.execPath, [program, ...args, "--no-notices", "--ci"], {
        cwd: ROOT,
        env: environmentOf(cloud, as),
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      if (child.pid !== undefined) guard.ownGroup(child.pid);
      const last: string[] = [];
      for (const input of [child.stdout, child.stderr]) {
        createInterface({ input }).on("line", (line) => {
          last.push(line);
          if (last.length > LINES_SHOWN) last.shift();
          tell(line);
        });
      }
      const code = await new Promise<number | null>((done, fail) => {
        child.once("error", fail);
        child.once("close", done);
      });
      if (child.pid !== undefined) guard.disownGroup(child.pid);
      if (code === 0) return;
      throw new UserError([`cdk ${args[0]} ended with ${code}:`, ...last].join("\n  "), 1);
    },
  };
}

function installed() {
  const load = createRequire(import.meta.url);
  try {
    const { version } = load("aws-cdk/package.json") as { readonly version: string };
    return { program: load.resolve("aws-cdk/bin/cdk"), version };
  } catch (cause) {
    const message =
      "--deployed: the CDK CLI is not installed here; npm ci brings it, without --omit=dev";
    throw new UserError(message, 2, { cause });
  }
}

/** Nothing of this machine's own profiles: it can reach no account but the local one. */
function environmentOf({ url, ground }: LocalCloud, as: CdkIdentity): Record<string, string> {
  const home = join(ground.directory, "cdk");
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    CDK_HOME: home,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: as.accessKeyId,
    AWS_SECRET_ACCESS_KEY: as.secretAccessKey,
    ...(as.sessionToken !== undefined && { AWS_SESSION_TOKEN: as.sessionToken }),
    AWS_EC2_METADATA_DISABLED: "true",
    CDK_DISABLE_CLI_TELEMETRY: "true",
    NO_COLOR: "1",
  };
}
