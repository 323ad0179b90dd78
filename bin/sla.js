#!/usr/bin/env node
// Plain JavaScript in old syntax: it must run on any Node, be it to say that this one is too old.
import { spawn } from "node:child_process";
import module, { createRequire } from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const NEEDED = 24;

if (Number(process.versions.node.split(".")[0]) >= NEEDED) {
  // Half of the start is reading TypeScript; a checkout that cannot be written to goes without.
  module.enableCompileCache(fileURLToPath(new URL("../.cache/compiled", import.meta.url)));
  await import("./sla.ts").catch(notInstalled);
} else {
  const own = packagedNode();
  if (own === undefined) {
    console.error(
      `sla: needs Node ${NEEDED}, this is ${process.version}. Run 'npm ci' (it brings one) or install Node ${NEEDED}.`,
    );
    process.exitCode = 2;
  } else {
    runWith(own);
  }
}

/** Without its packages the program cannot even say so itself. */
function notInstalled(cause) {
  if (cause.code !== "ERR_MODULE_NOT_FOUND") throw cause;
  const [missing] = cause.message.split(" imported from ");
  console.error(`sla: ${missing}: run 'npm ci' in the checkout first.`);
  process.exitCode = 2;
}

/** The Node that the lockfile brings for this platform, if it was installed. */
function packagedNode() {
  try {
    return createRequire(import.meta.url).resolve(
      `node-${process.platform}-${process.arch}/bin/node`,
    );
  } catch {
    return undefined;
  }
}

function runWith(node) {
  // The channel tells the child when this process dies in any way, so that it never runs on alone.
  const child = spawn(node, process.argv.slice(1), {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", ({ message }) => {
    console.error(`sla: ${node} does not start: ${message}`);
    process.exitCode = 2;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
  });
}
