import { run } from "../lib/cli/program.ts";

// Started by an older Node's launcher: end when it ends, however it ends.
if (process.channel) {
  process.channel.unref();
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
}

process.exitCode = await run(process.argv);
