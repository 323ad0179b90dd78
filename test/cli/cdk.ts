import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Template } from "../../lib/local-cloud/cloudformation/template.ts";

const PROGRAM = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");

const QUIET = { NO_COLOR: "1", CDK_DISABLE_CLI_TELEMETRY: "true" };

export type Environment = Readonly<Record<string, string>>;

/** What `sla local up` tells a terminal to export. */
export const exportedIn = (guide: string): Environment =>
  Object.fromEntries(
    [...guide.matchAll(/\b((?:AWS|SLA)_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );

/** The pinned CDK as a process of its own, with nothing of ours but its environment. */
export async function cdk(environment: Environment, ...args: readonly string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args, "--no-notices", "--ci"], {
    env: { ...process.env, ...environment, ...QUIET, CDK_HOME: environment["TMPDIR"] ?? tmpdir() },
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

/** A cdk.out of one's own. */
export function copied(assembly: string): string {
  const directory = mkdtempSync(join(tmpdir(), "cdk-out-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  cpSync(assembly, directory, { recursive: true });
  return directory;
}

/** Changes a stack's template, and the name under which it is uploaded with it. */
export function alter(
  assembly: string,
  stack: string,
  change: (template: Template) => Template,
): void {
  const file = join(assembly, `${stack}.template.json`);
  const template = JSON.stringify(change(JSON.parse(readFileSync(file, "utf8")) as Template));
  writeFileSync(file, template);
  const assets = join(assembly, `${stack}.assets.json`);
  const { files } = JSON.parse(readFileSync(assets, "utf8")) as {
    readonly files: Record<string, { readonly source: { readonly path: string } }>;
  };
  const before =
    Object.keys(files).find((hash) => files[hash]?.source.path === `${stack}.template.json`) ?? "";
  const after = createHash("sha256").update(template).digest("hex");
  for (const each of [assets, join(assembly, "manifest.json")]) {
    const text = readFileSync(each, "utf8").replaceAll(before, after);
    writeFileSync(`${each}.new`, text);
    renameSync(`${each}.new`, each);
  }
}
