import { createHash } from "node:crypto";
import { setImmediate as afterPendingWork } from "node:timers/promises";
import {
  DELIVER_SECONDS,
  type Delivery,
  type DeliveryState,
} from "../../functions/deliver/contract.ts";
import type { Credentials } from "../../functions/deliver/credentials.ts";
import { type DeliverReport, deliver } from "../../functions/deliver/deliver.ts";
import type { Depot, Lying, Outgoing } from "../../functions/deliver/ports.ts";
import type { DeliverWorld } from "../../functions/deliver/world.ts";
import type { FrozenCopy } from "../../functions/freeze/contract.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import type { Notice } from "../../functions/notify/contract.ts";
import type { Manifest } from "../../lib/sla/backups/manifest.ts";
import type { Destination, Fleet } from "../../lib/sla/fleet.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { FakeClock } from "./clock.ts";
import { fleetOf, instance, QUICK_PLAN } from "./fleet.ts";
import { MemoryLedger } from "./ledger.ts";

const DAY_MS = 86_400_000;
const sumOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** A customer's place in memory; it can be told to fail. */
export class MemoryDepot implements Depot {
  readonly files = new Map<string, Buffer>();
  /** Code of what every write or login ends with. */
  fails: { readonly at: "open" | "list" | "write"; readonly code: string } | undefined;
  /** A write that never ends. */
  hangs = false;
  /** Waited for by every dump that is written. */
  takes: (bytes: number) => Promise<unknown> = async () => {};
  opened = 0;
  closed = 0;
  seen: Credentials | undefined;

  async open(credentials: Credentials): Promise<Depot> {
    this.seen = credentials;
    this.#failAt("open");
    this.opened += 1;
    return this;
  }

  async list(beginning: string): Promise<readonly Lying[]> {
    this.#failAt("list");
    return [...this.files]
      .filter(([name]) => name.startsWith(beginning))
      .map(([name, { length: bytes }]) => ({ name, bytes }));
  }

  async write({ name, bytes, content }: Outgoing): Promise<void> {
    const part = `${name}.part`;
    this.files.set(part, Buffer.alloc(0));
    this.#failAt("write");
    if (this.hangs) await new Promise(() => {});
    const all = Buffer.concat(await Array.fromAsync(content));
    if (!name.endsWith(".json")) await this.takes(bytes);
    if (all.length !== bytes) throw new SlaError("UploadBroken", "operator", "another length");
    this.files.delete(part);
    this.files.set(name, all);
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }

  close(): void {
    this.closed += 1;
  }

  names = () => [...this.files.keys()].toSorted();

  #failAt(at: "open" | "list" | "write"): void {
    if (this.fails?.at !== at) return;
    const said = `refused, with correct horse battery and more: ${at}.`;
    throw new SlaError(this.fails.code, "operator", said);
  }
}

/** acme's dumps go to a server of its own. */
export class DeliverWorldInMemory {
  readonly clock = new FakeClock("2026-11-22T06:00:00.000Z");
  readonly ledger = new MemoryLedger("eu-west-1");
  readonly depot = new MemoryDepot();
  readonly secrets = new Map<string, string>();
  readonly copies: FrozenCopy[] = [];
  readonly dumps = new Map<string, Buffer>();
  readonly told: Notice[] = [];
  /** Content by backup and key. */
  readonly files = new Map<string, Readonly<Record<string, Buffer>>>();
  fleet: Fleet;
  destination: Destination;
  #ends = new AbortController();

  constructor(destination: Destination, plan: Plan = QUICK_PLAN) {
    this.destination = destination;
    this.fleet = fleetOf([instance("acme", { destination })], plan);
    const secret = { username: "sla", password: "correct horse battery" };
    this.secrets.set("acme/destination", JSON.stringify(secret));
  }

  /** Time is over for the invocation under way. */
  end = () => this.#ends.abort();

  move(destination: Destination): void {
    this.destination = destination;
    this.fleet = fleetOf([instance("acme", { destination })]);
  }

  /** A dump of now lies frozen, as large as told. */
  freeze(bytes = 100_000): FrozenCopy {
    const takenAt = this.clock.now().toISOString();
    const backup = `sla-acme-${takenAt.slice(0, 19).replaceAll(/\D/g, "")}`;
    const dump = Buffer.alloc(bytes, takenAt);
    const key = `acme/${backup}/${"ab".repeat(16)}/database.dump`;
    this.dumps.set(key, dump);
    const copy: FrozenCopy = {
      ...{ backup, takenAt, database: "odoo", retainUntil: "2027-11-22T00:00:00.000Z" },
      dump: { key, bytes, sha256: sumOf(dump) },
      postgres: { server: "15.4", dumpedBy: "17.2" },
    };
    this.copies.push(copy);
    return copy;
  }

  /** So many hours later. */
  async later(hours: number): Promise<void> {
    await this.clock.until(new Date(this.clock.now().getTime() + hours * 3_600_000));
  }

  async nextWeek(): Promise<FrozenCopy> {
    await this.clock.until(new Date(this.clock.now().getTime() + 7 * DAY_MS));
    return this.freeze();
  }

  world(): DeliverWorld {
    const { clock, ledger, fleet, depot, secrets, copies, dumps, told } = this;
    this.#ends = new AbortController();
    return {
      ...{ clock, ledger, fleet, signal: this.#ends.signal },
      until: new Date(clock.now().getTime() + DELIVER_SECONDS * 1000),
      leaves: new Date(clock.now().getTime() + (DELIVER_SECONDS - 30) * 1000),
      shelf: {
        copies: async () => [...copies],
        open: async (key) => inPieces(dumps.get(key) ?? Buffer.alloc(0)),
      },
      files: {
        manifest: async (id, backup) => {
          const those = this.files.get(backup);
          return those && manifestOf(id, backup, those);
        },
        open: async (_id, { key, versionId }) => {
          const [content] = [...this.files.values()].flatMap((those) => those[key] ?? []);
          if (content && versionId !== "gone") return inPieces(content);
          throw new SlaError("FilesBroken", "operator", `${key} is not in the replica any more`);
        },
      },
      secrets: { read: async (name) => secrets.get(name) },
      openDepot: async (_destination, credentials) => depot.open(credentials),
      messenger: {
        notify: async ({ notices }) => {
          told.push(...notices);
        },
      },
    };
  }

  look(): Promise<DeliverReport> {
    return deliver(this.world(), "acme");
  }

  kinds = () => this.told.map(({ kind }) => kind);
  state = () => this.ledger.peek<DeliveryState>("delivering/acme.json");
  record = ({ backup }: FrozenCopy) => this.ledger.peek<Delivery>(`deliveries/acme/${backup}.json`);
}

async function* inPieces(bytes: Buffer, size = 10_000) {
  for (let from = 0; from < bytes.length; from += size) {
    await afterPendingWork();
    yield bytes.subarray(from, from + size);
  }
}

const manifestOf = (
  id: string,
  backup: string,
  files: Readonly<Record<string, Buffer>>,
): Manifest => ({
  ...{ instance: id, backup, filestore: "s3://acme-files/" },
  ...{ takenAt: "2026-11-22T06:00:00.000Z", filesAt: "2026-11-22T06:01:00.000Z" },
  files: Object.entries(files).map(([key, { length }]) => {
    return { key, size: length, etag: '"e"', versionId: key.startsWith("gone") ? "gone" : "v1" };
  }),
});
