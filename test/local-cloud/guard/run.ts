import { spawn } from "node:child_process";
import { startGuard } from "../../../lib/local-cloud/guard.ts";
import { descendantsOf } from "../../../lib/local-cloud/process-tree.ts";

/** A run for the guard's test: prints the ids of what it started, then waits to be killed. */
const guard = await startGuard();
const child = spawn("sh", ["-c", "setsid sleep 600 & sleep 600 & echo up; wait"], {
  detached: true,
  stdio: ["ignore", "pipe", "ignore"],
});
guard.ownDirectory(process.argv[2] ?? "");
guard.ownGroup(child.pid ?? 0);
child.stdout.once("data", () => {
  console.log(JSON.stringify([child.pid, ...descendantsOf(child.pid ?? 0)]));
});
setInterval(() => {}, 1000);
