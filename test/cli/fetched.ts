import { execFile } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Stage } from "../../lib/drill/stage.ts";

/** Saves what a link leads to as a customer does, with curl; answers the file. */
export async function fetched({ cloud }: Stage, url: string, file: string): Promise<string> {
  const { dnsServers, directory } = cloud.ground;
  const resolver = new Resolver();
  resolver.setServers(dnsServers);
  const { hostname } = new URL(url);
  const [address = ""] = await resolver.resolve4(hostname);
  const way = ["--connect-to", `${hostname}:443:${address}:8443`];
  const trust = ["--cacert", join(directory, "ca.pem")];
  await promisify(execFile)("curl", ["-sSfL", ...way, ...trust, "-o", file, url]);
  return file;
}
