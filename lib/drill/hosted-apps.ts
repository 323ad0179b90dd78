import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { localPort } from "../local-cloud/addresses.ts";
import type { LocalCloud } from "../local-cloud/cloud.ts";
import { Gate } from "../local-cloud/network/gate.ts";
import type { Instance } from "../sla/fleet.ts";
import { type AppSeat, appSeats } from "./app-seats.ts";
import { APPLICATION_USER } from "./application-sql.ts";
import { endChild, startChild } from "./children.ts";
import type { Stumble } from "./stumble.ts";

/** Behind the gate, where only the gate connects. */
const INNER_PORT = 18_443;
const HTTPS = localPort(443);
/** A hosted page does not wait for its database for ever. */
const PATIENCE_MS = 400;

/** The application of one instance in one site, behind its load balancer's name. */
export interface HostedApp {
  readonly instance: string;
  readonly site: string;
  kill(): Promise<void>;
  /** From now on nothing from this address gets through. */
  refuse(source: string): void;
  /** From now on it answers badly and well by turns. */
  stumble(how: Stumble): void;
  /** From now on nothing gets through from anywhere; it lives on. */
  isolate(): void;
  close(): Promise<void>;
}

export async function startApps(
  cloud: LocalCloud,
  instance: Instance,
  password: string,
): Promise<HostedApp[]> {
  return Promise.all(appSeats(instance).map((seat) => startApp(cloud, instance, seat, password)));
}

async function startApp(
  cloud: LocalCloud,
  instance: Instance,
  { site, name }: AppSeat,
  password: string,
): Promise<HostedApp> {
  const address = cloud.ground.addresses.next(name);
  const refused = new Set<string>();
  const gate = await Gate.open({
    address,
    port: HTTPS,
    target: { address, port: INNER_PORT },
    admits: (source) => !refused.has(source),
    label: `application ${instance.id} at ${site}`,
  });
  cloud.ground.dns.set(name, address, 60);
  const child = await startProcess(cloud, instance, site, { address, name, password });
  return {
    instance: instance.id,
    site,
    kill: () => endChild(child),
    refuse: (source) => void refused.add(source),
    stumble: (how) => void child.send(how),
    isolate: () => gate.cut(),
    async close() {
      await endChild(child);
      await gate.close();
    },
  };
}

async function startProcess(
  cloud: LocalCloud,
  { id, url, database, dns }: Instance,
  site: string,
  { address, name, password }: { address: string; name: string; password: string },
): Promise<ChildProcess> {
  const { certPem, keyPem } = await cloud.ground.authority.issue([new URL(url).hostname, name]);
  const settings = {
    instance: id,
    site,
    address,
    port: INNER_PORT,
    cert: certPem,
    key: keyPem,
    healthPage: new URL(url).pathname,
    engine: database.engine ?? "postgres",
    databaseHost: dns.names.database,
    database: database.name,
    user: APPLICATION_USER,
    password,
    patienceMs: PATIENCE_MS,
  };
  const child = startChild(
    "hosted-app",
    { ...cloud.ground.clientEnvironment(), HOSTED_APP: JSON.stringify(settings) },
    (pid) => cloud.ground.guard.ownGroup(pid),
  );
  await once(child, "message");
  return child;
}
