import { randomBytes } from "node:crypto";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../../lib/drill/eventually.ts";
import type { Addresses } from "../../lib/local-cloud/addresses.ts";
import type { Guard } from "../../lib/local-cloud/guard.ts";
import { giveAway } from "../../lib/local-cloud/postgres/run-as.ts";
import type { Installation } from "./installation.ts";
import { PatroniNode } from "./node.ts";
import { startOwned } from "./owned-process.ts";
import { type PatroniSettings, PORTS } from "./settings.ts";

const STARTED_WITHIN_MS = 120_000;

export interface Cluster {
  readonly nodes: readonly [PatroniNode, PatroniNode];
  /** Waits until one leads and the other streams from it. Throws with the end of the logs if that never comes. */
  whole(): Promise<{ readonly leader: PatroniNode; readonly standby: PatroniNode }>;
}

export interface ClusterOptions {
  readonly installation: Installation;
  readonly settings: PatroniSettings;
  readonly guard: Guard;
  readonly addresses: Addresses;
}

/** One etcd and two Patroni nodes in a temporary directory, on loopback addresses of their own. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { installation, settings, guard, addresses } = options;
  const directory = await mkdtemp(join(tmpdir(), "hosting-sla-patroni-"));
  guard.ownDirectory(directory);
  await chmod(directory, 0o755);
  await giveAway(directory);
  const etcdAddress = await startEtcd(options, directory);
  const password = randomBytes(18).toString("base64url");
  const nodeNamed = (name: string) =>
    new PatroniNode({
      name,
      settings,
      guard,
      etcdAddress,
      password,
      address: addresses.next(`Patroni ${name}`),
      patroni: installation.patroni,
      binDirectory: installation.binDirectory,
      directory: join(directory, name),
      dataDirectory: join(directory, name, "data"),
      passwordFile: join(directory, name, "pgpass"),
    });
  const nodes = [nodeNamed("one"), nodeNamed("two")] as const;
  for (const node of nodes) await node.start();
  return { nodes, whole: () => whole(nodes) };
}

async function startEtcd({ installation, guard, addresses }: ClusterOptions, directory: string) {
  const address = addresses.next("etcd");
  const [clients, peers] = [PORTS.etcd, PORTS.etcdPeers].map((port) => `http://${address}:${port}`);
  const etcd = await startOwned(guard, join(directory, "etcd.log"), installation.etcd, [
    "--name=bench",
    `--data-dir=${join(directory, "etcd")}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=bench=${peers}`,
  ]);
  await eventually("etcd is healthy", STARTED_WITHIN_MS, async () => {
    const response = await fetch(`${clients}/health`, { headers: { connection: "close" } });
    return (await response.text()).includes("true") || undefined;
  }).catch(async (cause) => {
    throw new Error(`${cause.message}${await etcd.lastWords()}`, { cause });
  });
  return address;
}

async function whole([one, two]: Cluster["nodes"]) {
  const look = async () => {
    for (const [leader, standby] of [
      [one, two],
      [two, one],
    ] as const) {
      if (await streams(leader, standby)) return { leader, standby };
    }
    return undefined;
  };
  try {
    return await eventually("Patroni leads and streams", STARTED_WITHIN_MS, look);
  } catch (cause) {
    const words = await Promise.all([one, two].map((node) => node.lastWords()));
    throw new Error(`${(cause as Error).message}${words.join("")}`, { cause });
  }
}

async function streams(leader: PatroniNode, standby: PatroniNode): Promise<boolean> {
  const roles = await Promise.all([leader.is("primary"), standby.is("replica")]);
  if (!roles.every(Boolean)) return false;
  const rows = await leader.query("select from pg_stat_replication where state = 'streaming'");
  return rows.length === 1;
}
