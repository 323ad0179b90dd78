import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  type ClientNetwork,
  clientEnvironment,
} from "../../../lib/local-cloud/client-environment.ts";

/** Runs an ES module's text in a process with the network layer; what it prints last is JSON. */
export async function inLocalCloud(
  network: ClientNetwork,
  source: string,
  layer?: string,
): Promise<unknown> {
  const environment = clientEnvironment(network);
  const options = layer === undefined ? {} : { NODE_OPTIONS: `--import=${layer}` };
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: import.meta.dirname,
    env: { PATH: process.env["PATH"], ...environment, ...options },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [printed, complained] = ["", ""];
  child.stdout.on("data", (part) => {
    printed += part;
  });
  child.stderr.on("data", (part) => {
    complained += part;
  });
  await once(child, "close");
  if (printed === "") throw new Error(complained);
  return JSON.parse(printed);
}
