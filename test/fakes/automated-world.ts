import type { Outcome } from "../../functions/reconcile/contract.ts";
import type { AutomatedBackups } from "../../functions/reconcile/ports.ts";
import type { Shipping } from "../../functions/ship/ports.ts";
import type { Tags } from "../../lib/sla/backups/catalogue.ts";
import type { AutomatedBackup, Source } from "../../lib/sla/backups/log-book.ts";

const MINUTE_MS = 60_000;
const FIRST_MS = 90 * MINUTE_MS;
/** As far as logs lag behind in the region of the database, and elsewhere. */
const LAG_MS = { home: 5 * MINUTE_MS, away: 9 * MINUTE_MS } as const;

interface Replication {
  readonly source: Source;
  readonly region: string;
  readonly days: number;
  readonly beganMs: number;
  readonly tags: Tags;
  /** After it was stopped, or its source was lost, it reaches no further. */
  endsMs: number;
  isRetained: boolean;
}

/** What RDS keeps of databases by itself, and replicates when it is asked to. */
export class AutomatedWorld {
  /** Databases whose retention is 0. */
  readonly unkept = new Set<string>();
  /** Regions into which nothing arrives any more. */
  readonly stuck = new Map<string, number>();
  /** Regions that do not say what they hold. */
  readonly mute = new Set<string>();
  /** How many replications a region takes. */
  quota = 20;
  /** What was ended by us, and whether anything was left that could be restored. */
  readonly ended: { readonly of: string; readonly region: string; readonly isCovered: boolean }[] =
    [];
  readonly #sources = new Map<string, Source>();
  readonly #all: Replication[] = [];
  readonly #now: () => number;
  readonly #call: (what: string, region: string, id: string) => void;

  constructor(now: () => number, call: (what: string, region: string, id: string) => void) {
    this.#now = now;
    this.#call = call;
  }

  /** A database that is a primary. */
  add(source: Source): void {
    this.#sources.set(`${source.region} ${source.database}`, source);
  }

  /** Those under way to a region, or retained there, with how long they are kept. */
  in(region: string) {
    return this.#all
      .filter((one) => one.region === region)
      .map(({ source, days, isRetained }) => ({ of: source.database, days, isRetained }));
  }

  /** By hand, as a person would. */
  put(source: Source, region: string, tags: Tags = {}): void {
    const beganMs = this.#now();
    const more = { days: 7, beganMs, endsMs: Number.POSITIVE_INFINITY, isRetained: false };
    this.#all.push({ source, region, tags, ...more });
  }

  /** As RDS does when a key is disabled. */
  end(database: string, region: string): void {
    for (const one of this.#all) {
      if (one.region !== region || one.source.database !== database || one.isRetained) continue;
      one.isRetained = true;
      one.endsMs = this.#now();
    }
  }

  /** Databases that could be restored from what is still replicated. */
  restorable(): readonly string[] {
    return this.#all
      .map((one) => this.#listed(one))
      .flatMap(({ status, source }) => (status === "replicating" ? [source.database] : []));
  }

  readonly lists: AutomatedBackups = {
    list: async (region) => {
      this.#call("automated", region, "");
      if (this.mute.has(region)) throw new Error(`${region} does not say`);
      const originals = [...this.#sources.values()].filter(
        (source) => source.region === region && !this.unkept.has(source.database),
      );
      return [
        ...originals.map((source) => ({
          ...{ region, source, status: "active", tags: {} },
          latest: iso(this.#now() - LAG_MS.home),
        })),
        ...this.#all.filter((one) => one.region === region).map((one) => this.#listed(one)),
      ];
    },
  };

  shipsTo(region: string): Shipping {
    return {
      start: async ({ source, days, tags }) => {
        const id = source.database;
        this.#call("ship", region, id);
        const here = this.#all.filter((one) => one.region === region && !one.isRetained);
        if (here.some((one) => one.source.database === id)) return { id, answer: "already" };
        if (here.length >= this.quota) {
          return refused(id, "DBInstanceAutomatedBackupQuotaExceededFault");
        }
        this.put(source, region, tags);
        const [last] = this.#all.slice(-1);
        if (last) this.#all[this.#all.length - 1] = { ...last, days };
        return { id, answer: "accepted" };
      },

      stop: async ({ source: { database: id } }) => {
        this.#call("stop", region, id);
        const one = this.#all.find(
          (each) => each.region === region && each.source.database === id && !each.isRetained,
        );
        if (!one) return { id, answer: "later", said: "not replicated" };
        this.end(id, region);
        this.ended.push({ of: id, region, isCovered: this.restorable().length > 0 });
        return { id, answer: "accepted" };
      },
    };
  }

  #listed({ source, region, tags, beganMs, endsMs, isRetained }: Replication): AutomatedBackup {
    const reachMs =
      Math.min(this.#now(), endsMs, this.stuck.get(region) ?? Number.POSITIVE_INFINITY) -
      LAG_MS.away;
    const isThere = reachMs >= beganMs + FIRST_MS - LAG_MS.away;
    return {
      ...{ region, source, tags },
      status: isRetained ? "retained" : isThere ? "replicating" : "pending",
      ...(isThere && { latest: iso(reachMs) }),
    };
  }
}

const iso = (ms: number) => new Date(ms).toISOString();
const refused = (id: string, said: string): Outcome => ({ id, answer: "refused", said });
