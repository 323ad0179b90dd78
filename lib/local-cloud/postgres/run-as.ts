import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { chmod, chown, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { makeReachableDirectory } from "./directories.ts";

/** PostgreSQL refuses to run as root; `nobody` has a passwd entry on every system, which it asks for. */
const NOBODY = { uid: 65_534, gid: 65_534 } as const;

/** Whom PostgreSQL runs as; undefined leaves it with us. */
export const runAs: { readonly uid: number; readonly gid: number } | undefined =
  process.getuid?.() === 0 ? NOBODY : undefined;

/** Nothing of ours leaks into the server, and its messages are English. */
export const environment = {
  PATH: process.env["PATH"] ?? "/usr/bin:/bin",
  LC_ALL: "C",
  LC_MESSAGES: "C",
  TZ: "UTC",
};

/** Gives files to whoever PostgreSQL runs as. */
export async function giveAway(...paths: readonly string[]): Promise<void> {
  if (!runAs) return;
  for (const path of paths) await chown(path, runAs.uid, runAs.gid);
}

/**
 * Makes a directory only PostgreSQL may enter, and those above it so that it can be reached.
 *
 * @throws Error naming the directory above it that PostgreSQL may not enter
 */
export async function makePrivateDirectory(path: string): Promise<void> {
  await makeReachableDirectory(dirname(path), runAs);
  await mkdir(path, { recursive: true, mode: 0o700 });
  await giveAway(path);
}

/** Lets PostgreSQL pass through a directory of ours, without seeing what else is in it. */
export async function letPass(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  if (runAs) await chmod(path, (await stat(path)).mode | 0o011);
}

/**
 * Runs a program to its end, as whoever PostgreSQL runs as, and returns what it wrote. It reads the file `input`, if there is one.
 *
 * @throws Error with the program and the last lines it wrote
 */
export function run(
  program: string,
  args: readonly string[],
  { input = "/dev/null" }: { readonly input?: string } = {},
): Promise<string> {
  const from = openSync(input, "r");
  return new Promise((done, fail) => {
    const options = { cwd: "/", env: environment, ...runAs };
    const child = spawn(program, args, { ...options, stdio: [from, "pipe", "pipe"] });
    closeSync(from);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const failed = (why: string) => fail(new Error(`${program}: ${why}${lastLines(output)}`));
    child.once("error", (error) => failed(error.message));
    child.once("close", (code, signal) => {
      if (code === 0) done(output);
      else failed(signal ? `ended by ${signal}` : `exit code ${code}`);
    });
  });
}

/** The end of what a program wrote, to be put after a message. */
export function lastLines(text: string, count = 8): string {
  const lines = text.trim().split("\n").slice(-count);
  return lines.join("") === "" ? "" : `:\n  ${lines.join("\n  ")}`;
}
