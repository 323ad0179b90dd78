import { run } from "../lib/cli/program.ts";

// Started by an older Node's launcher: end when it ends, however it ends.
if (process.channel) {
  process.channel.unref();
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
}

// The reader of a pipe has gone (`| head`): end as SIGPIPE would. What was started is tidied up by its guard.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  process.exit(code === "EPIPE" ? 141 : 1);
});

const code = await run(process.argv);
// A pipe takes 64 KiB at once: whoever reads slowly gets the rest all the same.
await Promise.all(
  [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write("", () => resolve())),
  ),
);
// Ended here and not by an empty event loop: tearing that down, Node 24 now and then waits for ever for a
// socket that was reset while it closed.
process.exit(code);
