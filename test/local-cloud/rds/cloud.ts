import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RDSClient } from "@aws-sdk/client-rds";
import { Client, type ClientConfig } from "pg";
import { type Addresses, claimAddresses } from "../../../lib/local-cloud/addresses.ts";
import { type Authority, createAuthority } from "../../../lib/local-cloud/certificates.ts";
import { SecurityGroups } from "../../../lib/local-cloud/ec2/security-groups.ts";
import { Subnets } from "../../../lib/local-cloud/ec2/subnets.ts";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { type Guard, startGuard } from "../../../lib/local-cloud/guard.ts";
import { Pace } from "../../../lib/local-cloud/pace.ts";
import { type Rds, rdsService } from "../../../lib/local-cloud/rds/service.ts";
import { WireServer } from "../../../lib/local-cloud/wire/server.ts";

export const HOME = "eu-central-2";
export const STANDBY = "eu-central-1";
export const PASSWORD = "correct-horse";

/** Who is kept out waits in full, so not for long; everybody else gets the time of a starved machine. */
export const KEPT_OUT = { connectionTimeoutMillis: 2000 };

/** RDS alone, behind the wire, for its conformance tests. */
export interface Cloud {
  readonly rds: Rds;
  readonly log: EventLog;
  readonly groups: SecurityGroups;
  readonly subnets: Subnets;
  readonly addresses: Addresses;
  readonly authority: Authority;
  readonly names: Map<string, string>;
  client(region: string): RDSClient;
  /** Connects to an endpoint name as the master user, verifying its certificate. */
  connect(name: string, config?: ClientConfig & { from?: string }): Promise<Client>;
  close(): Promise<void>;
}

export async function startCloud({
  keepsBackups = false,
  pace = 60,
  named = "rds-test-",
} = {}): Promise<Cloud> {
  const [addresses, authority, guard] = await Promise.all([
    claimAddresses(),
    createAuthority(),
    startGuard(),
  ]);
  const directory = mkdtempSync(join(tmpdir(), named));
  guard.ownDirectory(directory);
  const log = new EventLog();
  const groups = new SecurityGroups();
  const subnets = new Subnets();
  const names = new Map<string, string>();
  const hostNames = {
    set: (name: string, address: string) => void names.set(name, address),
    remove: (name: string) => void names.delete(name),
  };
  const rds = rdsService({
    log,
    pace: new Pace(pace),
    guard,
    addresses,
    authority,
    groups,
    subnets,
    hostNames,
    directory,
    account: "111111111111",
    keepsBackups,
  });
  const wire = new WireServer({ log });
  wire.add(rds.definition);
  const endpoint = await wire.listen(addresses.next("wire"), 8080);
  const clients = new Map<string, RDSClient>();
  const client = (region: string) => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const one = clients.get(region) ?? new RDSClient({ region, endpoint, credentials });
    clients.set(region, one);
    return one;
  };
  return {
    rds,
    log,
    groups,
    subnets,
    addresses,
    authority,
    names,
    client,
    connect: (name, config) => connect(names.get(name) ?? name, name, authority, config),
    async close() {
      for (const one of clients.values()) one.destroy();
      await rds.close();
      await wire.close();
      await end(guard, directory);
      await addresses.release();
    },
  };
}

async function connect(host: string, servername: string, authority: Authority, config = {}) {
  const one = new Client({
    host,
    user: "postgres",
    password: PASSWORD,
    database: "postgres",
    connectionTimeoutMillis: 10_000,
    ssl: { ca: authority.caPem, servername },
    ...config,
  });
  one.on("error", () => {});
  await one.connect();
  return one;
}

async function end(guard: Guard, directory: string): Promise<void> {
  await guard.close();
  await rm(directory, { recursive: true, force: true });
}
