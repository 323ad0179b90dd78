import type { Fleet } from "../../lib/sla/fleet.ts";
import { shardsOf } from "../../lib/sla/shards.ts";
import { tlsVantage } from "../../lib/sla/tls.ts";
import type { FailoverRequest } from "../failover/contract.ts";
import { keys } from "../ledger/contract.ts";
import type { NewestRoles } from "../ledger/fleet.ts";
import { advance, afterLast, type Look } from "./advance.ts";
import { tellCertificates } from "./certificates.ts";
import type { LookRecord, RoundRecord, TickEvent } from "./contract.ts";
import { heldBack } from "./held-back.ts";
import { inherit, silentAfterMs } from "./inherit.ts";
import { type Eyes, type Observation, observe } from "./observe.ts";
import { dutyOf, heardOwners, withOwners } from "./owners.ts";
import { isQuiet } from "./quiet.ts";
import { claimRegion } from "./region-claim.ts";
import { lookRecord } from "./round-record.ts";
import { type Hands, Settler } from "./settle.ts";
import { type Entry, judgedAt, type ShardState } from "./shard-state.ts";
import { ShardStore } from "./shard-store.ts";
import { startable } from "./start-order.ts";
import { cadenceOf, type Subject, subjectsOf } from "./subject.ts";
import type { TimedSlot } from "./tick.ts";

const DAY_SECONDS = 86_400;

/** A site as its watch sees it: what it knows, what it looks with, what it acts with. */
export interface Site extends Hands {
  readonly roles: NewestRoles;
  readonly eyes: Eyes;
  /** Failovers under way at once. @default FAILOVERS_AT_ONCE */
  readonly atOnce?: number;
}

export interface WatchReport {
  readonly looks: number;
  /** Slots left out because too many looks were still under way. */
  readonly leftOut: number;
  /** What did not work; the next look tries again. */
  readonly failures: readonly string[];
}

/** The looks of one invocation at one shard, and all they lead to. */
export class Pass {
  readonly #shard: string;
  readonly #fleet: Fleet;
  readonly #site: Site;
  readonly #store: ShardStore;
  readonly #settler: Settler;
  readonly #settling: Promise<void>[] = [];
  readonly #records: LookRecord[] = [];
  readonly #failures: string[] = [];
  #leftOut = 0;
  /** Owns nothing: asking again with the next tick is soon enough. */
  #isIdle = false;

  constructor(shard: string, fleet: Fleet, site: Site) {
    this.#shard = shard;
    this.#fleet = fleet;
    this.#site = site;
    this.#store = new ShardStore(site.ledgers(site.site), shard, site.site);
    this.#settler = new Settler(site, this.#store);
  }

  /** Asks the other sites for their roles; at the control site, the other owners for their newest look. */
  async listen(slot: string): Promise<void> {
    const { site, ledgers, roles } = this.#site;
    await roles.hear(Object.keys(this.#fleet.sites));
    if (site !== this.#fleet.control) return;
    await this.#noting(async () => {
      const subjects = subjectsOf(this.#fleet, this.#shard, await roles.all());
      const heard = await heardOwners(subjects, site, this.#shard, ledgers);
      await this.#store.update((state) => ({
        ...state,
        owners: withOwners(state, subjects, heard, slot),
      }));
    });
  }

  /** Never rejects; undefined if there was nothing to look at, or no way to find out what. */
  look(slot: TimedSlot): Promise<Look | undefined> {
    return this.#noting(async () => {
      const subjects = await this.#due(slot);
      if (subjects.length === 0) return undefined;
      const { site, ledgers, eyes } = this.#site;
      const heir = { shard: this.#shard, site, control: this.#fleet.control, ledgers };
      const [observations, inherited] = await Promise.all([
        observe(subjects, this.#fleet, eyes, { at: slot.at, tlsFrom: this.#tlsFrom(slot.at) }),
        inherit(subjects, await this.#store.latest(), heir, this.#isStale(slot.at)),
      ]);
      return { slot: slot.at, observations, inherited };
    });
  }

  /** What nobody looked at is neither good nor bad. */
  leaveOut(): void {
    this.#leftOut += 1;
  }

  async judge(looking: Promise<Look | undefined>): Promise<void> {
    const look = await looking;
    if (!look) return;
    await this.#noting(async () => {
      const place = this.#place();
      const current = await this.#heldBack(await this.#joined(await this.#stillTrue(look)));
      const known = await this.#store.latest();
      let outcome = advance(known, current, place);
      let state = outcome.state;
      if (isQuiet(known, outcome)) {
        await this.#store.defer((before) => advance(before, current, place).state);
      } else {
        state = await this.#store.update((before) => {
          outcome = advance(before, current, place);
          return outcome.state;
        });
      }
      this.#records.push(lookRecord(look.slot, current.observations, outcome.judged));
      this.#settling.push(this.#tellCertificates(current.observations));
      const starting = await this.#starting(outcome.failovers, state);
      const failures = this.#settler.settle(state.owed, starting);
      this.#settling.push(failures.then((all) => this.#note(...all)));
    });
  }

  async finish({ scheduledTime, shard }: TickEvent): Promise<WatchReport> {
    const { site, ledgers } = this.#site;
    if (this.#isIdle) await this.#noting(() => this.#endRegions(scheduledTime));
    await this.#noting(async () => {
      const { owed = [] } = (await this.#store.flush()) ?? {};
      // Somebody else had seen what we had not: it is due all the same.
      if (owed.length > 0) this.#note(...(await this.#settler.settle(owed, [])));
    });
    await Promise.all(this.#settling);
    if (this.#records.length > 0) {
      const record: RoundRecord = { shard, site, scheduledTime, looks: this.#records };
      const slot = new Date(scheduledTime).toISOString();
      await this.#noting(() => ledgers(site).create(keys.round(slot, shard), record));
    }
    return { looks: this.#records.length, leftOut: this.#leftOut, failures: this.#failures };
  }

  async #endRegions(scheduledTime: string): Promise<void> {
    const slot = new Date(scheduledTime).toISOString();
    const before = await this.#store.latest();
    if (afterLast(before, slot, this.#place()) === before) return;
    const { owed } = await this.#store.update((state) => afterLast(state, slot, this.#place()));
    this.#note(...(await this.#settler.settle(owed, [])));
  }

  async #due({ at, cadences }: TimedSlot): Promise<readonly Subject[]> {
    const { site, roles, clock } = this.#site;
    if (this.#isIdle) return [];
    const all = subjectsOf(this.#fleet, this.#shard, await roles.all());
    this.#isIdle =
      site !== this.#fleet.control && all.every(({ roles: { owner } }) => owner !== site);
    const due = all.filter((subject) => cadences.has(cadenceOf(subject)));
    const state = await this.#store.latest();
    const { own, inStead } = dutyOf(due, site, this.#fleet, state, at, clock);
    return [...own, ...inStead];
  }

  /** Roles may have changed while we looked: before anything is told, what is out of date is dropped. */
  async #stillTrue(look: Look): Promise<Look> {
    const { judged } = advance(await this.#store.latest(), look, this.#place());
    if (![...judged.values()].some(({ events }) => events.length > 0)) return look;
    const roles = await this.#site.roles.all();
    const isTrue = ({ subject }: Observation) =>
      roles.get(subject.instance.id)?.epoch === subject.roles.epoch;
    return { ...look, observations: look.observations.filter(isTrue) };
  }

  /** A region that is lost is one trouble, in however many shards: the ledger says whose it is to tell. */
  async #joined(look: Look): Promise<Look> {
    const before = await this.#store.latest();
    const { regions = {} } = advance(before, look, this.#place()).state;
    const fresh = Object.values(regions).filter(({ region }) => !before.regions?.[region]);
    if (fresh.length === 0) return look;
    const { site, ledgers, clock } = this.#site;
    const claims = await this.#noting(() =>
      Promise.all(fresh.map((each) => claimRegion(ledgers(site), this.#shard, each, clock))),
    );
    return { ...look, claims: Object.fromEntries((claims ?? []).map((it) => [it.region, it])) };
  }

  /** Windows are read when a failover is due, not at every look. Where they cannot be, none is held back. */
  async #heldBack(look: Look): Promise<Look> {
    const { failovers } = advance(await this.#store.latest(), look, this.#place());
    if (failovers.length === 0) return look;
    const { site, ledgers } = this.#site;
    const due = failovers.map(({ instance }) => instance);
    const held = await this.#noting(() => heldBack(ledgers(site), due, look.slot));
    return held ? { ...look, held } : look;
  }

  /** Who may not start yet is due again at the next bad look. Where the locks cannot be counted, all start. */
  async #starting(due: readonly FailoverRequest[], state: ShardState) {
    if (due.length === 0) return due;
    const { site, ledgers, clock, atOnce } = this.#site;
    const desk = { fleet: this.#fleet, ledger: ledgers(site), now: clock.now(), pacer: clock };
    const chosen = await this.#noting(() =>
      startable(due, state, { ...desk, ...(atOnce !== undefined && { atOnce }) }),
    );
    return chosen ?? due;
  }

  /** A mail that has left already is not sent again. */
  async #tellCertificates(observations: readonly Observation[]): Promise<void> {
    const looks = observations.flatMap(({ subject: { instance }, tls }) =>
      tls ? [{ instance, tls }] : [],
    );
    await this.#noting(() => tellCertificates(looks, this.#fleet, this.#site));
  }

  #tlsFrom(slot: string) {
    const { clock } = this.#site;
    return (subject: Subject) =>
      tlsVantage(subject.instance.id, this.#fleet.vantages, {
        atMs: Date.parse(slot),
        everyMs: clock.paced(cadenceOf(subject)),
        dayMs: clock.paced(DAY_SECONDS),
      });
  }

  #isStale(slot: string) {
    return (entry: Entry, subject: Subject) =>
      Date.parse(slot) - judgedAt(entry) > silentAfterMs(subject, this.#site.clock);
  }

  #place() {
    const { site, clock } = this.#site;
    const shards = shardsOf(this.#fleet).length;
    return { site, control: this.#fleet.control, pacer: clock, shards };
  }

  async #noting<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (cause) {
      this.#note(cause);
      return undefined;
    }
  }

  #note(...causes: readonly unknown[]): void {
    for (const cause of causes) {
      const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      if (!this.#failures.includes(text)) this.#failures.push(text);
    }
  }
}
