import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Addresses, claimAddresses, localPort } from "./addresses.ts";
import { type Authority, createAuthority } from "./certificates.ts";
import { clientEnvironment } from "./client-environment.ts";
import { DnsServer } from "./dns/server.ts";
import { SecurityGroups } from "./ec2/security-groups.ts";
import { Subnets } from "./ec2/subnets.ts";
import { EventLog } from "./event-log.ts";
import { type Guard, startGuard } from "./guard.ts";
import { PolicyBook } from "./iam/book.ts";
import { Sessions } from "./iam/sessions.ts";
import { Pace } from "./pace.ts";
import { openServices, type Services } from "./services.ts";
import { Silences } from "./silences.ts";
import { Sources } from "./sources.ts";
import { Throttles } from "./throttles.ts";
import { closedInTime } from "./within.ts";

export interface LocalCloudOptions {
  /** Twelve digits. */
  readonly account: string;
  readonly pace: number;
  /** Everything on disk goes below it; it is removed at the end unless `keep`. */
  readonly directory: string;
  readonly keep?: boolean;
  /** RDS keeps base backups and WAL of every primary with a retention; default: its backups are a status only. */
  readonly keepsBackups?: boolean;
  /** Port of the AWS endpoint on 127.0.0.1; default: a free one. */
  readonly port?: number;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What all parts of one local cloud share. */
export interface Ground {
  readonly account: string;
  readonly directory: string;
  readonly keepsBackups: boolean;
  readonly credentials: Credentials;
  readonly log: EventLog;
  readonly pace: Pace;
  readonly guard: Guard;
  readonly addresses: Addresses;
  readonly authority: Authority;
  readonly groups: SecurityGroups;
  readonly subnets: Subnets;
  readonly dns: DnsServer;
  /** `127.a.b.c:port` of the name servers. */
  readonly dnsServers: readonly string[];
  readonly sources: Sources;
  /** Regions whose AWS endpoints hang. */
  readonly cutOff: Set<string>;
  /** Services (`route53`, `sns`) whose APIs hang; what they run goes on. */
  readonly silent: Silences;
  /** Services that refuse calls now and then. */
  readonly throttles: Throttles;
  /** What templates allow to whom. */
  readonly policies: PolicyBook;
  /** Who has taken which role on. */
  readonly sessions: Sessions;
  /** Environment of a process that sees this cloud as its network. */
  readonly clientEnvironment: (source?: string) => Record<string, string>;
}

/** Name servers have the third octet to themselves, as AWS's have networks of their own. */
const NAME_SERVERS = [1, 2, 3, 4];

/** AWS on loopback: one endpoint for all regions, real databases, real DNS. */
export class LocalCloud {
  readonly ground: Ground;
  readonly services: Services;
  readonly url: string;

  private constructor(ground: Ground, services: Services, url: string) {
    this.ground = ground;
    this.services = services;
    this.url = url;
  }

  /** @throws Error in one line if an address, a port or a file cannot be had; nothing is left then. */
  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    const guard = await startGuard();
    try {
      guard.ownDirectory(options.directory);
      if (options.keep === true) guard.keepDirectory(options.directory);
      const ground = await layGround(options, guard);
      const { services, url } = await openServices(ground, options.port ?? 0).catch(
        async (cause) => {
          await Promise.all([ground.dns.close(), ground.addresses.release()]);
          throw cause;
        },
      );
      return new LocalCloud(ground, services, url);
    } catch (cause) {
      await guard.close();
      throw cause;
    }
  }

  /** Ends everything: schedules first, so that nothing starts while the rest goes; the guard ends the rest. */
  async close(): Promise<void> {
    const { guard, dns, addresses } = this.ground;
    await closedInTime(this.services.close());
    await closedInTime(dns.close());
    await guard.close();
    await addresses.release();
  }
}

async function layGround(options: LocalCloudOptions, guard: Guard): Promise<Ground> {
  const { account, directory } = options;
  const addresses = await claimAddresses();
  const pace = new Pace(options.pace);
  const authority = await createAuthority();
  await mkdir(directory, { recursive: true });
  const caFile = join(directory, "ca.pem");
  await writeFile(caFile, authority.caPem, { mode: 0o644 });
  const dns = new DnsServer({ pace });
  const dnsServers = NAME_SERVERS.map((host) => `127.${addresses.block}.53.${host}`);
  await dns.listen(dnsServers, localPort(53));
  const groups = new SecurityGroups();
  return {
    account,
    directory,
    keepsBackups: options.keepsBackups ?? false,
    // Nobody else may sign for this cloud, and nothing outlives the run.
    // Clients remember whose a key is: each account has its own.
    credentials: { accessKeyId: `AKIA0000${account}`, secretAccessKey: randomKey() },
    log: new EventLog(),
    pace,
    guard,
    addresses,
    authority,
    groups,
    subnets: new Subnets(),
    dns,
    dnsServers: dnsServers.map((address) => `${address}:${localPort(53)}`),
    sources: new Sources(addresses, groups),
    cutOff: new Set(),
    silent: new Silences(),
    throttles: new Throttles(),
    policies: new PolicyBook(),
    sessions: new Sessions(),
    clientEnvironment: (source) =>
      clientEnvironment({ dnsServers, caFile, ...(source !== undefined && { source }) }),
  };
}

const randomKey = () => randomBytes(30).toString("base64url");
