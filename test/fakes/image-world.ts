import type { Hands } from "../../functions/reconcile/ports.ts";
import type { Copying } from "../../functions/replicate/ports.ts";
import { copyEach } from "../../functions/replicate/replicate.ts";
import type { Removing, Taking } from "../../functions/snapshot/ports.ts";
import { rotate } from "../../functions/snapshot/rotate.ts";
import { takeEach } from "../../functions/snapshot/take.ts";
import { type Listed, TAGS, type Tags } from "../../lib/sla/backups/catalogue.ts";

const MINUTE_MS = 60_000;
const TAKE_MS = 20 * MINUTE_MS;
const COPY_MS = 60 * MINUTE_MS;

/** An image as EC2 has it; instants in ms. */
interface Stored {
  readonly id: string;
  readonly region: string;
  readonly madeMs: number;
  readonly readyMs: number;
  readonly fromRegion?: string;
  readonly machine?: string;
  tags: Tags;
  failed: boolean;
}

type Call = (what: string, region: string, id: string) => void;

/** Images of machines in all regions, and what can go wrong with them. Calls: `image`, `copy-image`, `deregister`, `images`. */
export class ImageWorld {
  /** What no machine is called, as EC2 would say. */
  readonly unknown = new Set<string>();
  /** Into these regions copies never get ready. */
  readonly stuck = new Set<string>();
  /** Their next copies fail. */
  readonly failing = new Set<string>();
  /** What is started there does not come up. */
  readonly unbootable = new Set<string>();
  /** Tests begin and are never heard of again. */
  endless = false;
  readonly #now: () => number;
  readonly #call: Call;
  readonly #stored: Stored[] = [];

  constructor(now: () => number, call: Call) {
    this.#now = now;
    this.#call = call;
  }

  /** Names of what could be started there, oldest first. */
  available(region: string): readonly string[] {
    return this.#in(region)
      .filter((one) => this.#statusOf(one) === "available")
      .map(({ id }) => id)
      .toSorted();
  }

  all = (region: string): readonly string[] => this.#in(region).map(({ id }) => id);

  machinesOf = (region: string): readonly string[] =>
    this.#in(region).flatMap(({ machine }) => machine ?? []);

  tag(region: string, id: string, tags: Tags): void {
    const one = this.#find(region, id);
    if (one) one.tags = tags;
  }

  tagsOf = (region: string, id: string): Tags | undefined => this.#find(region, id)?.tags;

  put(region: string, id: string, tags: Tags): void {
    const now = this.#now();
    this.#stored.push({
      id,
      region,
      madeMs: now,
      readyMs: now,
      machine: "i-1",
      tags,
      failed: false,
    });
  }

  deregister(region: string, id: string): void {
    const index = this.#stored.findIndex((one) => one.region === region && one.id === id);
    if (index >= 0) this.#stored.splice(index, 1);
  }

  get lists() {
    return {
      list: async (region: string): Promise<readonly Listed[]> => {
        this.#call("images", region, "");
        return this.#in(region).map((one) => this.#listed(one));
      },
    };
  }

  handsOf(region: string): Hands["images"] {
    const ports = this.#portsOf(region);
    return {
      take: async ({ takes }) => ({ outcomes: await takeEach(takes, ports) }),
      copy: async ({ copies }) => ({ outcomes: await copyEach(copies, ports) }),
      rotate: (request) => rotate(request, ports),
      test: async ({ tests }) => ({
        outcomes: tests.map(({ id }) => {
          this.#call("boot", region, id);
          const at = new Date(this.#now()).toISOString();
          const end = this.unbootable.has(region) ? TAGS.refuted : TAGS.verified;
          const found = this.endless ? {} : { [end]: at };
          this.tag(region, id, { ...this.tagsOf(region, id), [TAGS.tested]: at, ...found });
          return { id, answer: "accepted" };
        }),
      }),
    };
  }

  #portsOf(region: string): Taking & Removing & Pick<Copying, "copy"> {
    const now = this.#now();
    return {
      take: async ({ id, database: machine, tags }) => {
        this.#call("image", region, id);
        if (this.unknown.has(machine)) return { id, answer: "refused", said: "no such machine" };
        if (this.#find(region, id)) return { id, answer: "already" };
        const readyMs = now + TAKE_MS;
        this.#stored.push({ id, region, madeMs: now, readyMs, machine, tags, failed: false });
        return { id, answer: "accepted" };
      },

      copy: async ({ id, from, tags }) => {
        this.#call("copy-image", region, id);
        if (this.#find(region, id)) return { id, answer: "already" };
        if (!this.#find(from, id)) return { id, answer: "already", said: "the source is gone" };
        const readyMs = this.stuck.has(region) ? Number.POSITIVE_INFINITY : now + COPY_MS;
        const failed = this.failing.delete(region);
        this.#stored.push({ id, region, madeMs: now, readyMs, fromRegion: from, tags, failed });
        return { id, answer: "accepted" };
      },

      look: async (id) => {
        const one = this.#find(region, id);
        return one && this.#listed(one);
      },

      remove: async (id) => {
        this.#call("deregister", region, id);
        this.deregister(region, id);
        return { id, answer: "accepted" };
      },
    };
  }

  #listed(one: Stored): Listed {
    const made = new Date(one.madeMs).toISOString();
    const takenAt = one.fromRegion === undefined ? made : one.tags[TAGS.taken];
    return {
      ...{ id: one.id, region: one.region, status: this.#statusOf(one), tags: one.tags },
      isCopy: one.fromRegion !== undefined,
      ...(takenAt !== undefined && { takenAt }),
    };
  }

  #statusOf({ failed, readyMs }: Stored): string {
    if (failed) return "failed";
    return readyMs <= this.#now() ? "available" : "pending";
  }

  #in = (region: string) => this.#stored.filter((one) => one.region === region);
  #find = (region: string, id: string) =>
    this.#stored.find((one) => one.region === region && one.id === id);
}
