import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export type ProcessName = "hosted-app" | "writers";

/** Starts one of the drill's own client processes; it ends when its channel closes. */
export function startChild(
  name: ProcessName,
  environment: Readonly<Record<string, string>>,
  onStart: (pid: number) => void,
): ChildProcess {
  const file = fileURLToPath(new URL(`./processes/${name}.ts`, import.meta.url));
  const child = fork(file, {
    env: { PATH: process.env["PATH"], ...environment },
    execPath: process.execPath,
    execArgv: [],
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  if (child.pid !== undefined) onStart(child.pid);
  return child;
}

/** SIGKILL, and wait until it is gone. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
