import { aheadInLanes, inLanes } from "../../functions/kernel/lanes.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { DayRollUp, Evidence } from "../../functions/report/contract.ts";
import { readDay } from "../../functions/report/day-reading.ts";
import { dayStart } from "../../functions/report/days.ts";
import { readRuns } from "../sla/books/runs.ts";
import type { TlsSeen } from "../sla/tls.ts";
import { rollUpAt, rollUpsOf, type SiteSeal, sealOf } from "./sealed-roll-ups.ts";
import type { Seen, SeenWish } from "./seen-minutes.ts";

const LANES = 16;

/** The minutes of one site's day, as they were written. */
interface SeenDay {
  readonly day: string;
  readonly minutes: string;
  readonly tls?: TlsSeen;
}

/** What was made of the records of one site's day. */
interface Page {
  readonly day: string;
  /** Undefined where the day was read record by record. */
  readonly seal: SiteSeal | undefined;
  readonly evidence: readonly Evidence[];
}

/** What a seal says of the clocks that an instance's months go by. */
export interface SealedZone {
  /** Absent where the roll-up is from before that was recorded. */
  readonly timezone?: string;
}

interface SiteZone extends SealedZone {
  readonly site: string;
}

/** Days of all sites, each read once. Of each roll-up only what is wanted stays, as it was written. */
export class SeenBook {
  readonly #wish: Omit<SeenWish, "span">;
  readonly #sites: readonly { readonly shelf: Shelf; readonly pages: Map<string, Page> }[];
  readonly #days: ReadonlyMap<string, SeenDay[]>;
  readonly #zones = new Map<string, Map<string, SiteZone>>();

  constructor(shelves: readonly Shelf[], wish: Omit<SeenWish, "span">) {
    this.#wish = wish;
    this.#sites = shelves.map((shelf) => ({ shelf, pages: new Map() }));
    this.#days = new Map([...wish.everySeconds.keys()].map((id) => [id, []]));
  }

  /** Of days that are not sealed, their records. Rejects if a shelf does not answer, with `EvidenceChanged` if it was changed. */
  async read(days: readonly string[]): Promise<void> {
    for (const { shelf, pages } of this.#sites) {
      const due = days.filter((day) => !pages.has(day));
      await this.#readSealed(shelf, due, pages);
      for (const day of due.filter((each) => !pages.has(each))) {
        const rollUps = await this.#rawDay(shelf, day);
        pages.set(day, { day, seal: undefined, evidence: rollUps.map((each) => each.evidence) });
        for (const rollUp of rollUps) this.#take(rollUp);
      }
    }
  }

  /** Of these days those that are sealed, and whose clocks their seals name. Rejects likewise. */
  async readZones(days: readonly string[]): Promise<void> {
    for (const day of days) this.#zones.set(day, new Map());
    for (const { shelf, pages } of this.#sites) await this.#readSealed(shelf, days, pages);
  }

  /** Undefined where no seal of the day has the instance. Where sites differ, the first by name is believed. */
  zoneOn(day: string, instance: string): SealedZone | undefined {
    return this.#zones.get(day)?.get(instance);
  }

  /** Of days that were read. */
  seen(days: readonly string[]): Seen {
    const wanted = new Set(days);
    const daysOfOne = (id: string) =>
      (this.#days.get(id) ?? []).filter(({ day }) => wanted.has(day));
    const pages = this.#sites.map((site) =>
      days.flatMap((day) => site.pages.get(day) ?? []).toSorted(byDay),
    );
    const evidence = pages.flat().flatMap((page) => page.evidence);
    const keysOf = (trouble: Exclude<keyof Evidence, "rounds">) =>
      evidence.flatMap((each) => each[trouble]).toSorted();
    return {
      intervalsOf: (id) =>
        daysOfOne(id).flatMap(({ day, minutes }) => [...readRuns(minutes, dayStart(day))]),
      tlsOf: (id) => daysOfOne(id).flatMap(({ tls }) => tls ?? []),
      evidence: {
        rounds: evidence.reduce((sum, { rounds }) => sum + rounds, 0),
        ...{ unreadable: keysOf("unreadable"), misplaced: keysOf("misplaced") },
        fromTheFuture: keysOf("fromTheFuture"),
        seals: pages
          .flatMap((all) => all.findLast(({ seal }) => seal)?.seal ?? [])
          .toSorted((one, other) => (one.site < other.site ? -1 : 1)),
        // A day of which a site wrote down nothing lacks no seal.
        unsealedDays: pages.flat().filter((page) => !page.seal && page.evidence.length > 0).length,
      },
    };
  }

  async #readSealed(shelf: Shelf, days: readonly string[], pages: Map<string, Page>) {
    const due = days.filter((day) => !pages.has(day));
    const found = await inLanes(LANES, due, (day) => sealOf(shelf, day));
    const evidence = new Map<string, Evidence[]>();
    for (const each of found.flatMap((seal) => seal ?? [])) {
      const { site, day, sha256 } = each;
      const own: Evidence[] = [];
      evidence.set(day, own);
      pages.set(day, { day, seal: { site, day, sha256 }, evidence: own });
    }
    const sealed = found.flatMap((seal) =>
      seal ? rollUpsOf(seal).map((each) => ({ ...each, site: seal.site })) : [],
    );
    const read = aheadInLanes(LANES, sealed, async ({ key, sha256, site }) => {
      return { site, rollUp: await rollUpAt(shelf, key, sha256) };
    });
    for await (const { site, rollUp } of read) {
      evidence.get(rollUp.day)?.push(rollUp.evidence);
      this.#take(rollUp);
      this.#noteZones(site, rollUp);
    }
  }

  #take({ day, instances }: Pick<DayRollUp, "day" | "instances">): void {
    for (const [id, { minutes, tls }] of Object.entries(instances)) {
      this.#days.get(id)?.push({ day, minutes, ...(tls && { tls }) });
    }
  }

  #noteZones(site: string, { day, instances }: Pick<DayRollUp, "day" | "instances">): void {
    const zones = this.#zones.get(day);
    if (!zones) return;
    for (const [id, { timezone }] of Object.entries(instances)) {
      const known = zones.get(id);
      if (!this.#days.has(id) || (known && known.site <= site)) continue;
      zones.set(id, { site, ...(timezone !== undefined && { timezone }) });
    }
  }

  async #rawDay(shelf: Shelf, day: string): Promise<readonly DayRollUp[]> {
    const { everySeconds, now } = this.#wish;
    const soldTo = (id: string) => {
      const seconds = everySeconds.get(id);
      return seconds === undefined ? {} : { everySeconds: seconds };
    };
    return (await readDay(shelf, { day, site: "", soldTo, now })).rollUps();
  }
}

const byDay = (one: Page, other: Page) => (one.day < other.day ? -1 : 1);
