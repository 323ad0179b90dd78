import type { Clock } from "../../functions/kernel/clock.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { type NewestRoles, newestRoles } from "../../functions/ledger/fleet.ts";
import type { Notice } from "../../functions/notify/contract.ts";
import type { Outcome, PassEvent } from "../../functions/reconcile/contract.ts";
import type { Hands } from "../../functions/reconcile/ports.ts";
import { type RoundReport, round } from "../../functions/reconcile/round.ts";
import type { Copying } from "../../functions/replicate/ports.ts";
import { replicate } from "../../functions/replicate/replicate.ts";
import { ship } from "../../functions/ship/ship.ts";
import { figuresMemory } from "../../functions/snapshot/figures.ts";
import type { Memory, Removing, Taking } from "../../functions/snapshot/ports.ts";
import { rotate } from "../../functions/snapshot/rotate.ts";
import { takeAll } from "../../functions/snapshot/take.ts";
import type { Figures } from "../../functions/sql/contract.ts";
import { ZoneCalendar } from "../../lib/sla/backups/calendar.ts";
import { type Listed, TAGS, type Tags } from "../../lib/sla/backups/catalogue.ts";
import type { Life } from "../../lib/sla/backups/history.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Backups } from "../../lib/sla/plan.ts";
import { firstRoles, type Roles } from "../../lib/sla/roles.ts";
import { AutomatedWorld } from "./automated-world.ts";
import { FakeClock } from "./clock.ts";
import { filesRun, MemoryFilestores, MemoryReplica } from "./file-world.ts";
import { ImageWorld } from "./image-world.ts";
import { MemoryLedgers } from "./ledger.ts";

const MINUTE_MS = 60_000;
const TAKE_MS = 10 * MINUTE_MS;
const COPY_MS = 40 * MINUTE_MS;

/** A snapshot as the cloud has it; instants in ms. */
interface Stored {
  readonly id: string;
  readonly region: string;
  readonly takenMs: number;
  readonly readyMs: number;
  readonly fromRegion?: string;
  /** What it was taken of. */
  readonly database?: string;
  tags: Tags;
  failed: boolean;
}

interface Gone extends Stored {
  readonly goneMs: number;
  readonly byUs: boolean;
}

/** Regions full of snapshots, a clock that is set from outside, and everything that can go wrong with both. */
export class BackupWorld {
  fleet: Fleet;
  readonly ledgers = new MemoryLedgers();
  readonly notices: Notice[] = [];
  readonly filestores = new MemoryFilestores();
  readonly #replicas = new Map<string, MemoryReplica>();
  /** Regions whose APIs do not answer. */
  readonly silent = new Set<string>();
  /** Databases of which no snapshot can be taken now. */
  readonly unavailable = new Set<string>();
  /** Into these regions copies never get ready. */
  readonly stuck = new Set<string>();
  /** Their next copies fail. */
  readonly failing = new Set<string>();
  /** Their key cannot be used. */
  readonly keyless = new Set<string>();
  /** Regions whose API does not say of when its snapshots are. */
  readonly timeless = new Set<string>();
  /** Instances whose own key cannot be used to copy. */
  readonly uncopyable = new Set<string>();
  /** What is restored there is not what was backed up. */
  readonly corrupt = new Set<string>();
  /** What RDS keeps by itself. */
  readonly automated = new AutomatedWorld(
    () => this.nowMs,
    (...call) => this.#call(...call),
  );
  /** Machines and their images. */
  readonly images = new ImageWorld(
    () => this.nowMs,
    (...call) => this.#call(...call),
  );
  /** How many snapshots a region takes. */
  quota = 100;
  /** Calls in order: `create`, `copy`, `delete`, `list`. */
  readonly calls: string[] = [];
  nowMs: number;
  readonly #calendar: ZoneCalendar;
  readonly #roles = new Map<string, NewestRoles>();
  /** That are, or were, primaries. */
  readonly #databases = new Set<string>();
  readonly #stored: Stored[] = [];
  readonly #gone: Gone[] = [];

  constructor(fleet: Fleet, from: string) {
    this.fleet = fleet;
    this.nowMs = Date.parse(from);
    this.#calendar = new ZoneCalendar(fleet.provider.timezone);
    for (const instance of fleet.instances) {
      this.setRoles(firstRoles(fleet, instance, from));
    }
  }

  setRoles(roles: Roles): void {
    this.#databases.add(roles.primary.database);
    this.automated.add({ region: roles.primary.region, database: roles.primary.database });
    for (const region of Object.keys(this.fleet.sites)) {
      this.ledgers.at(region).put(keys.roles(roles.instance), roles);
    }
  }

  /** One pass of a site; `skewMs` is what its clock is wrong by. */
  async pass(region: string, skewMs = 0, event: PassEvent = {}): Promise<RoundReport> {
    const clock = new FakeClock(this.nowMs + skewMs);
    return round(
      {
        ...{ region, clock, fleet: this.fleet, fleetKey: "fleet/1.json" },
        ledger: this.ledgers.at(region),
        calendar: this.#calendar,
        roles: this.#rolesFor(region),
        snapshots: { list: async (place) => this.#list(place) },
        manifests: this.replica(region),
        automated: this.automated.lists,
        images: this.images.lists,
        hands: this.#handsOf(region),
        messenger: {
          notify: async ({ notices }) => {
            this.notices.push(...notices);
          },
        },
      },
      event,
    );
  }

  /** A pass of every site that answers, so many minutes apart, until then. */
  async run(minutes: number, everyMinutes = 30): Promise<void> {
    const untilMs = this.nowMs + minutes * MINUTE_MS;
    while (this.nowMs < untilMs) {
      for (const region of Object.keys(this.fleet.sites)) {
        if (!this.silent.has(region)) await this.pass(region);
      }
      this.nowMs += everyMinutes * MINUTE_MS;
    }
  }

  /** Files and manifests of a region. */
  replica(region: string): MemoryReplica {
    const known = this.#replicas.get(region) ?? new MemoryReplica(this.filestores);
    this.#replicas.set(region, known);
    return known;
  }

  /** Names of what can be restored there, oldest first. */
  available(region: string): readonly string[] {
    return this.#in(region)
      .filter((one) => this.#statusOf(one) === "available")
      .map(({ id }) => id)
      .toSorted();
  }

  all(region: string): readonly string[] {
    return this.#in(region).map(({ id }) => id);
  }

  /** Every backup of a region from its beginning to its end, for a checker. */
  lives(region: string, instance: string): readonly (Life & { readonly byUs: boolean })[] {
    const all: readonly (Stored & Partial<Gone>)[] = [...this.#stored, ...this.#gone];
    return all
      .filter((one) => one.region === region && one.tags[TAGS.instance] === instance && !one.failed)
      .map(({ id, takenMs, readyMs, goneMs, byUs = false, tags }) => ({
        ...{ id, takenMs, availableMs: readyMs, byUs },
        ...(goneMs !== undefined && { removedMs: goneMs }),
        schedules: (tags[TAGS.schedules] ?? "").split(" / "),
      }));
  }

  /** By hand. */
  deleteByHand(region: string, id: string): void {
    this.#drop(region, id, false);
  }

  tag(region: string, id: string, change: Tags): void {
    const one = this.#find(region, id);
    if (one) one.tags = { ...one.tags, ...change };
  }

  tagsOf(region: string, id: string): Tags | undefined {
    return this.#find(region, id)?.tags;
  }

  /** Is shown as failed. */
  spoil(region: string, id: string): void {
    const one = this.#find(region, id);
    if (one) one.failed = true;
  }

  /** A fleet without it is deployed; its roles stay in the ledgers. */
  leave(instance: string): void {
    const instances = this.fleet.instances.filter(({ id }) => id !== instance);
    this.fleet = { ...this.fleet, instances };
  }

  /** A fleet without copies there is deployed. */
  giveUp(region: string): void {
    const instances = this.fleet.instances.map(({ copies, ...rest }) => ({
      ...rest,
      copies: copies.filter((place) => place !== region),
    }));
    this.fleet = { ...this.fleet, instances };
  }

  /** All plans have these backups from now on. */
  sell(backups: Backups): void {
    const plans = Object.entries(this.fleet.plans).map(([id, plan]) => [id, { ...plan, backups }]);
    this.fleet = { ...this.fleet, plans: Object.fromEntries(plans) };
  }

  untag(region: string, id: string): void {
    const one = this.#find(region, id);
    if (one) one.tags = {};
  }

  /** Something that is none of ours, or what somebody made by hand. */
  put(region: string, id: string, tags: Tags, takenMs = this.nowMs): void {
    this.#stored.push({ id, region, takenMs, readyMs: this.nowMs, tags, failed: false });
  }

  /** Kept from pass to pass, as a function that stays warm does. */
  #rolesFor(region: string): NewestRoles {
    const known = this.#roles.get(region);
    if (known) return known;
    const clock = {
      ...new FakeClock(0),
      now: () => new Date(this.nowMs),
      paced: (s: number) => s * 1000,
    };
    const made = newestRoles(this.ledgers.at, region, clock as Clock);
    this.#roles.set(region, made);
    return made;
  }

  #handsOf(region: string): Hands {
    const ports = this.#portsOf(region);
    return {
      take: (request) => takeAll(request, ports, this.#memoryOf(region)),
      rotate: (request) => rotate(request, ports),
      replicate: (request) => replicate(request, ports),
      files: async (request) => {
        const clock = new FakeClock(this.nowMs);
        await filesRun(request, this.filestores, this.replica(region), clock);
      },
      test: async ({ tests }) => ({
        outcomes: tests.map(({ id }) => {
          this.#call("test", region, id);
          const at = new Date(this.nowMs).toISOString();
          const end = this.corrupt.has(region) ? TAGS.refuted : TAGS.verified;
          this.tag(region, id, { [TAGS.tested]: at, [end]: at });
          return { id, answer: "accepted" };
        }),
      }),
      ship: (request) => ship(request, this.automated.shipsTo(region)),
      images: this.images.handsOf(region),
    };
  }

  #memoryOf(region: string): Memory {
    return figuresMemory({
      fleet: async () => this.fleet,
      ledger: this.ledgers.at(region),
      endpoints: async () => {
        this.#call("databases", region, "");
        return new Map([...this.#databases].map((host) => [host, { host, port: 5432 }]));
      },
      ask: async ({ targets: [target] }) => {
        this.#call("ask", region, target?.database ?? "");
        const figures: Figures = { at: new Date(this.nowMs).toISOString(), schema: "s1", rows: {} };
        return { instance: target?.instance ?? "", ok: true, value: figures };
      },
    });
  }

  #portsOf(region: string): Taking & Removing & Copying {
    return {
      take: async ({ id, database, tags }) => {
        this.#call("create", region, id);
        if (this.#find(region, id)) return { id, answer: "already" };
        if (this.unavailable.has(database)) return { id, answer: "later", said: "not available" };
        if (this.#isFull(region)) return refused(id, "SnapshotQuotaExceeded");
        const readyMs = this.nowMs + TAKE_MS;
        const { nowMs: takenMs } = this;
        this.#stored.push({ id, region, takenMs, readyMs, database, tags, failed: false });
        return { id, answer: "accepted" };
      },

      copy: async ({ id, from, tags }) => {
        this.#call("copy", region, id);
        if (this.#find(region, id)) return { id, answer: "already" };
        if (this.#isLocked(region, tags)) return refused(id, "KMSKeyNotAccessibleFault");
        if (this.#isFull(region)) return refused(id, "SnapshotQuotaExceeded");
        const source = this.#find(from, id);
        if (!source) return { id, answer: "already", said: "the source is gone" };
        const readyMs = this.stuck.has(region) ? Number.POSITIVE_INFINITY : this.nowMs + COPY_MS;
        const failed = this.failing.delete(region);
        const copy = { ...source, region, readyMs, fromRegion: from, tags, failed };
        this.#stored.push(copy);
        return { id, answer: "accepted" };
      },

      retag: async ({ id, tags }) => {
        this.#call("tag", region, id);
        this.tag(region, id, tags);
        return { id, answer: "accepted" };
      },

      look: async (id) => {
        this.#call("look", region, id);
        const one = this.#find(region, id);
        return one && this.#listed(one);
      },

      remove: async (id) => {
        this.#call("delete", region, id);
        this.#drop(region, id, true);
        return { id, answer: "accepted" };
      },
    };
  }

  #call(what: string, region: string, id: string): void {
    this.calls.push(`${what} ${region} ${id}`);
    if (!this.silent.has(region)) return;
    throw new SlaError("CloudUnreachable", "cloud", `${region}: ${what} ${id}: no answer`);
  }

  #list(region: string): readonly Listed[] {
    this.#call("list", region, "");
    return this.#in(region).map((one) => this.#listed(one));
  }

  #listed(one: Stored): Listed {
    const status = this.#statusOf(one);
    return {
      ...{ id: one.id, region: one.region, status, tags: one.tags },
      ...(status === "available" &&
        !this.timeless.has(one.region) && { takenAt: new Date(one.takenMs).toISOString() }),
      isCopy: one.fromRegion !== undefined,
      ...(one.database !== undefined && { database: one.database }),
      key: `key-${one.region}`,
    };
  }

  #statusOf({ failed, readyMs, fromRegion }: Stored): string {
    if (failed) return "failed";
    if (readyMs <= this.nowMs) return "available";
    return fromRegion === undefined ? "creating" : "pending";
  }

  /** Copies die with their source. */
  #drop(region: string, id: string, byUs: boolean): void {
    const index = this.#stored.findIndex((one) => one.region === region && one.id === id);
    const [one] = index < 0 ? [] : this.#stored.splice(index, 1);
    if (!one) return;
    this.#gone.push({ ...one, goneMs: this.nowMs, byUs });
    for (const copy of this.#stored) {
      if (copy.id === id && copy.fromRegion === region && copy.readyMs > this.nowMs) {
        copy.failed = true;
      }
    }
  }

  /** What stays stuck comes loose. */
  loosen(): void {
    this.stuck.clear();
    for (const [index, one] of this.#stored.entries()) {
      if (one.readyMs === Number.POSITIVE_INFINITY) {
        this.#stored[index] = { ...one, readyMs: this.nowMs + COPY_MS };
      }
    }
  }

  #isLocked = (region: string, tags: Tags) =>
    this.keyless.has(region) || this.uncopyable.has(tags[TAGS.instance] ?? "");
  #isFull = (region: string) => this.#in(region).length >= this.quota;
  #in = (region: string) => this.#stored.filter((one) => one.region === region);
  #find = (region: string, id: string) =>
    this.#stored.find((one) => one.region === region && one.id === id);
}

const refused = (id: string, said: string): Outcome => ({ id, answer: "refused", said });
