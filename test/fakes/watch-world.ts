import type { FailoverRequest } from "../../functions/failover/contract.ts";
import { executionName } from "../../functions/failover/contract.ts";
import type { ReprotectRequest } from "../../functions/failover/reprotect-contract.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { type NewestRoles, newestRoles } from "../../functions/ledger/fleet.ts";
import type { Notice, NotifyRequest } from "../../functions/notify/contract.ts";
import type { ProbeAnswer, ProbeRequest } from "../../functions/probe/contract.ts";
import type { Reading, SqlResult, SqlTarget, Storage } from "../../functions/sql/contract.ts";
import { Addresses } from "../../functions/watch/addresses.ts";
import type { IncidentRecord } from "../../functions/watch/contract.ts";
import type { Site, WatchReport } from "../../functions/watch/pass.ts";
import type { Endpoint } from "../../functions/watch/ports.ts";
import type { ShardState } from "../../functions/watch/shard-state.ts";
import { watch } from "../../functions/watch/watch.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { firstRoles, promotedRoles, type Roles } from "../../lib/sla/roles.ts";
import { shardsOf } from "../../lib/sla/shards.ts";
import { FakeClock } from "./clock.ts";
import { MemoryLedgers } from "./ledger.ts";

/** The shard of every small fleet, the first of a large one. */
const SHARD = "s00";
const BEGINNING = Date.parse("2026-03-02T10:00:00Z");

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Sites, databases and vantages as the watch sees them. Faults are spans of seconds since the beginning
 * (10:00 that day); every invocation runs on a clock of its own.
 */
export class WatchWorld {
  readonly fleet: Fleet;
  readonly ledgers = new MemoryLedgers();
  readonly started: FailoverRequest[] = [];
  /** Standbys that are replaced: where, and why. */
  readonly replaced: { readonly region: string; readonly request: ReprotectRequest }[] = [];
  readonly notices: Notice[] = [];
  /** How many of the next calls to `notify` get lost. */
  mailsLost = 0;
  /** Called while a vantage probes, with the seconds since the beginning; the probe lasts as long as it does. */
  onProbe: (at: number) => void | Promise<void> = () => undefined;
  /** Seconds by which standbys are behind. */
  standbyLag = 0;
  /** How many of the next starts are throttled. */
  startsThrottled = 0;
  /** Clients write all the time: the log moves on as long as the primary lives. */
  writesWal = false;
  /** Sees every request to `notify`. */
  onNotify: (request: NotifyRequest) => void = () => undefined;
  /** What fills the storage of primaries, by instance; 100 GiB are allocated to each. */
  readonly storage = new Map<string, Storage>();
  /** How far standbys had come, as the newest request for storage said it; by instance. */
  readonly applied = new Map<string, string | undefined>();
  /** Where standbys are in the log of their primary; absent: they say nothing of it. */
  replayedLsn: string | undefined;
  /** What RDS says of replicas, by database, where it is not `replicating`. */
  readonly replication = new Map<string, string>();
  /** How many of the next starts begin an execution without our being told. */
  startAnswersLost = 0;
  /** Failovers under way at once; as many as the product allows unless set. */
  atOnce: number | undefined;
  /** Processes that stay warm: what a site has read of roles outlives an invocation. */
  isWarm = false;
  readonly #warm = new Map<string, { readonly roles: NewestRoles; now: () => Date }>();
  readonly #shards: readonly string[];
  readonly #faults = new Map<string, Span[]>();
  readonly #primaries = new Map<string, { database: string; since: number }[]>();

  constructor(fleet: Fleet) {
    this.fleet = fleet;
    this.#shards = shardsOf(fleet);
    for (const instance of fleet.instances) {
      const roles = firstRoles(fleet, instance, new Date(BEGINNING).toISOString());
      this.#primaries.set(instance.id, [{ database: roles.primary.database, since: -1e9 }]);
      for (const region of Object.keys(fleet.sites)) {
        this.ledgers.at(region).put(keys.roles(instance.id), roles);
      }
    }
  }

  /** `app acme`, `database acme-db`, `beats acme`, `region eu-central-2`, `blind eu-west-1`, `wrong eu-west-1`, `refusing acme-db`, `hidden acme-db` (alive, but we do not get there), `api eu-central-2` (only RDS's API fails) */
  fault(what: string, from: number, to = Number.POSITIVE_INFINITY): this {
    this.#faults.set(what, [...(this.#faults.get(what) ?? []), { from, to }]);
    return this;
  }

  /** What the failover workflow does to roles: the standby is primary, control owns. */
  promote(id: string, at: number): void {
    const instance = this.fleet.instances.find((each) => each.id === id);
    if (!instance?.standby) throw new Error(`${id} has no standby`);
    const before = this.ledgers.at(instance.standby).peek<Roles>(keys.roles(id));
    if (!before) throw new Error(`${id} has no roles`);
    const roles = promotedRoles(before, this.fleet.control, iso(at), "execution");
    this.#primaries.get(id)?.push({ database: roles.primary.database, since: at });
    for (const region of [this.fleet.control, instance.standby, instance.home]) {
      const ledger = this.ledgers.at(region);
      if (ledger.reachable) ledger.put(keys.roles(id), roles);
    }
  }

  /** One invocation of the minute that begins so many seconds in. */
  tick(site: string, begin: number, { late = 0, shard = SHARD } = {}): Promise<WatchReport> {
    const clock = new FakeClock(BEGINNING + (begin + late) * 1000);
    return watch({ scheduledTime: iso(begin), shard }, this.fleet, this.#site(site, clock));
  }

  /** All sites, minute by minute. */
  async minutes(from: number, count: number, sites = Object.keys(this.fleet.sites)) {
    const reports: WatchReport[] = [];
    for (let minute = 0; minute < count; minute += 1) {
      const begin = from + minute * 60;
      const ticks = sites.flatMap((site) => this.#shards.map((shard) => ({ site, shard })));
      reports.push(
        ...(await Promise.all(ticks.map(({ site, shard }) => this.tick(site, begin, { shard })))),
      );
    }
    return reports;
  }

  /** Kinds of the notices of an instance, each as often as it was told. */
  told(id: string): string[] {
    return this.notices.filter(({ instance }) => instance === id).map(({ kind }) => kind);
  }

  /** Names of the executions: starting one twice makes one. */
  executions(): string[] {
    return [...new Set(this.started.map(executionName))];
  }

  state(site: string, shard = SHARD): ShardState | undefined {
    return this.ledgers.at(site).peek<ShardState>(keys.shard(shard));
  }

  incidents(site: string, id: string): IncidentRecord[] {
    const ledger = this.ledgers.at(site);
    return ledger.keys(`incidents/${id}/`).flatMap((key) => ledger.peek<IncidentRecord>(key) ?? []);
  }

  #site(site: string, clock: FakeClock): Site {
    const seconds = () => (clock.now().getTime() - BEGINNING) / 1000;
    const ledgers = this.ledgers.at;
    return {
      site,
      clock,
      ...(this.atOnce !== undefined && { atOnce: this.atOnce }),
      ledgers,
      roles: this.isWarm ? this.#warmRoles(site, clock) : newestRoles(ledgers, site, clock),
      eyes: {
        vantages: { probe: (region, request) => this.#probe(region, request, seconds()) },
        addresses: new Addresses({ describe: async (region) => this.#describe(region, seconds()) }),
        pulse: {
          read: async (region, targets) => this.#read(region, targets, seconds()),
          beat: async () => [],
        },
        gauge: { storage: async (region, targets) => this.#fill(region, targets, seconds()) },
      },
      starter: {
        start: async (request) => {
          if (this.startsThrottled-- > 0) throw new SlaError("CloudThrottled", "cloud", "busy");
          this.started.push(request);
          if (this.startAnswersLost-- > 0)
            throw new SlaError("CloudUnreachable", "cloud", "no answer");
        },
      },
      replacer: {
        start: async (region, request) => {
          if (this.startsThrottled-- > 0) throw new SlaError("CloudThrottled", "cloud", "busy");
          this.replaced.push({ region, request });
        },
      },
      messenger: {
        notify: async (request) => {
          const { notices } = request;
          this.onNotify(request);
          if (this.mailsLost-- > 0) throw new SlaError("CloudUnreachable", "cloud", "no answer");
          this.notices.push(...notices);
        },
      },
    };
  }

  /** What a handshake with an instance shows. */
  readonly tls = new Map<string, NonNullable<ProbeAnswer["results"][number]["tls"]>>();

  #warmRoles(site: string, clock: FakeClock): NewestRoles {
    const paced = (seconds: number) => clock.paced(seconds);
    const process = this.#warm.get(site) ?? {
      now: () => clock.now(),
      roles: newestRoles(this.ledgers.at, site, {
        paced,
        now: () => this.#warm.get(site)?.now() ?? clock.now(),
      } as Clock),
    };
    process.now = () => clock.now();
    this.#warm.set(site, process);
    return process.roles;
  }

  #is(what: string, at: number): boolean {
    return (this.#faults.get(what) ?? []).some(({ from, to }) => from <= at && at < to);
  }

  async #probe(region: string, { targets }: ProbeRequest, at: number): Promise<ProbeAnswer> {
    this.#mustAnswer(region, at);
    await this.onProbe(at);
    return {
      vantage: region,
      blind: this.#is(`blind ${region}`, at),
      results: targets.map(({ id, tls }) => {
        const good =
          !this.#is(`blind ${region}`, at) &&
          !this.#is(`wrong ${region}`, at) &&
          this.#isUp(id, at);
        const shown = tls && { tls: this.tls.get(id) ?? {} };
        return { id, good, tookMs: 20, ...(!good && { reason: "refused" }), ...shown };
      }),
    };
  }

  #describe(region: string, at: number): ReadonlyMap<string, Endpoint> {
    this.#mustAnswer(region, at);
    if (this.#is(`api ${region}`, at)) throw new SlaError("CloudUnreachable", "cloud", "500");
    const here = this.fleet.instances.flatMap(({ home, standby, database }) => [
      ...(home === region ? [database.primary] : []),
      ...(standby === region && database.standby ? [database.standby] : []),
    ]);
    const endpoint = (database: string): Endpoint => ({
      ...{ host: database, port: 5432, allocatedBytes: 100 * 2 ** 30 },
      replication: [this.replication.get(database) ?? "replicating"],
    });
    return new Map(here.map((database) => [database, endpoint(database)]));
  }

  #fill(region: string, targets: readonly SqlTarget[], at: number): SqlResult<Storage>[] {
    this.#mustAnswer(region, at);
    const empty: Storage = {
      ...{ databaseBytes: 2 ** 30, retainedBytes: 0, isFetched: true },
      ...{ keptFor: "replica", replicaSlots: 1 },
    };
    return targets.map(({ instance, applied }) => {
      this.applied.set(instance, applied);
      return { instance, ok: true, value: this.storage.get(instance) ?? empty };
    });
  }

  #read(region: string, targets: readonly SqlTarget[], at: number): SqlResult<Reading>[] {
    this.#mustAnswer(region, at);
    return targets.map(({ instance, host }): SqlResult<Reading> => {
      const refused = (kind: "unreachable" | "refused") =>
        ({ instance, ok: false, failure: { kind, message: kind } }) as const;
      const unreachable = this.#is(`database ${host}`, at) || this.#is(`hidden ${host}`, at);
      if (unreachable) return refused("unreachable");
      if (this.#is(`refusing ${host}`, at)) return refused("refused");
      return { instance, ok: true, value: this.#reading(instance, host, at) };
    });
  }

  #reading(id: string, host: string, at: number): Reading {
    const inRecovery = host !== this.#primaryOf(id, at).database;
    return {
      beat: this.#beat(id, inRecovery ? at - this.standbyLag : at),
      now: iso(at),
      inRecovery,
      streaming: inRecovery && this.#isAlive(id, at),
      ...(inRecovery && this.writesWal && { receivedLsn: this.#receivedLsn(id, at) }),
      ...(inRecovery && this.replayedLsn !== undefined && { replayedLsn: this.replayedLsn }),
      sessions: 3,
    };
  }

  /** A megabyte a second, until the primary is gone. */
  #receivedLsn(id: string, at: number): string {
    const { database } = this.#primaryOf(id, at);
    const ends = (this.#faults.get(`database ${database}`) ?? []).map(({ from }) => from);
    return `1/${(Math.floor(Math.min(at, ...ends)) * 0x100000).toString(16).toUpperCase()}`;
  }

  /** One beat every 15 s; the row stands still from the moment its primary is gone. */
  #beat(id: string, at: number) {
    const primary = this.#primaryOf(id, at);
    const stops = [
      `database ${primary.database}`,
      `beats ${id}`,
      `region ${this.#regionOf(primary.database)}`,
    ].flatMap((what) => this.#faults.get(what)?.map(({ from }) => from) ?? []);
    const last = Math.floor(Math.min(at, ...stops.filter((from) => from <= at)) / 15);
    return { at: iso(last * 15), sequence: 1000 + last };
  }

  #primaryOf(id: string, at: number) {
    const known = this.#primaries.get(id)?.findLast(({ since }) => since <= at);
    if (!known) throw new Error(`${id} has no primary`);
    return known;
  }

  #isUp(id: string, at: number): boolean {
    return !this.#is(`app ${id}`, at) && this.#isAlive(id, at);
  }

  #isAlive(id: string, at: number): boolean {
    const { database } = this.#primaryOf(id, at);
    const region = this.#regionOf(database);
    return !this.#is(`database ${database}`, at) && !this.#is(`region ${region}`, at);
  }

  #regionOf(database: string): string {
    const owner = this.fleet.instances.find((each) => each.database.standby === database);
    const home = this.fleet.instances.find((each) => each.database.primary === database);
    return owner?.standby ?? home?.home ?? "nowhere";
  }

  #mustAnswer(region: string, at: number): void {
    if (!this.#is(`region ${region}`, at)) return;
    throw new SlaError("CloudUnreachable", "cloud", `${region}: no answer`);
  }
}

const iso = (seconds: number) => new Date(BEGINNING + seconds * 1000).toISOString();
