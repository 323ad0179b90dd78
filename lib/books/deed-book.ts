import { type BackupDeed, DEED_KINDS } from "../sla/books/happenings.ts";

/** A pass over backups, and where its record lies. */
interface Pass {
  readonly key: string;
  /** ISO 8601. */
  readonly at: string;
}

const NONE: Pass = { key: "", at: "" };

/** What became of one instance's backups, three numbers a deed. */
interface Row {
  readonly backups: Map<string, number>;
  /** One after the other: which pass, which kind and region, which backup. */
  deeds: Uint32Array;
  length: number;
}

const EACH = 3;
/** Deeds that a row has room for at first. */
const FIRST = 16 * EACH;

/**
 * Deeds of all instances of a fleet, as far back as rotations reach: half a thousand of one, held in a few kilobytes. They come
 * in any order.
 */
export class DeedBook {
  readonly #wanted: ReadonlySet<string>;
  readonly #passes: Pass[] = [];
  readonly #regions: string[] = [];
  readonly #rows = new Map<string, Row>();

  /** @param wanted ids of the instances of whom it is asked later */
  constructor(wanted: Iterable<string>) {
    this.#wanted = new Set(wanted);
  }

  /** What one record tells, of one pass. */
  add(deeds: readonly BackupDeed[]): void {
    const [first] = deeds;
    if (!first) return;
    const pass = this.#passes.push({ key: first.key, at: first.at }) - 1;
    for (const deed of deeds) {
      if (this.#wanted.has(deed.instance)) this.#write(pass, deed);
    }
  }

  /** In the order of their times, of one pass as its record has them. */
  of(instance: string): readonly BackupDeed[] {
    const row = this.#rows.get(instance);
    if (!row) return [];
    const backups = [...row.backups.keys()];
    const found: BackupDeed[] = [];
    for (let at = 0; at < row.length; at += EACH) {
      const [pass = 0, what = 0, backup = 0] = row.deeds.subarray(at, at + EACH);
      const { key, at: passedAt } = this.#passes[pass] ?? NONE;
      found.push({
        ...{ key, instance, backup: backups[backup] ?? "" },
        kind: DEED_KINDS[what % DEED_KINDS.length] ?? "take",
        ...{ at: passedAt, region: this.#regions[Math.floor(what / DEED_KINDS.length)] ?? "" },
      });
    }
    return found.toSorted(
      (one, other) => Date.parse(one.at) - Date.parse(other.at) || order(one.key, other.key),
    );
  }

  #write(pass: number, { instance, backup, kind, region }: BackupDeed): void {
    const row = this.#rowOf(instance);
    if (row.length + EACH > row.deeds.length) {
      const longer = new Uint32Array(Math.ceil(row.length * 1.5) + FIRST);
      longer.set(row.deeds);
      row.deeds = longer;
    }
    const what = this.#numberOf(region) * DEED_KINDS.length + DEED_KINDS.indexOf(kind);
    const known = row.backups.get(backup) ?? row.backups.size;
    row.backups.set(backup, known);
    row.deeds.set([pass, what, known], row.length);
    row.length += EACH;
  }

  #rowOf(instance: string): Row {
    const row = this.#rows.get(instance) ?? {
      ...{ backups: new Map(), deeds: new Uint32Array(0), length: 0 },
    };
    this.#rows.set(instance, row);
    return row;
  }

  #numberOf(region: string): number {
    const known = this.#regions.indexOf(region);
    return known >= 0 ? known : this.#regions.push(region) - 1;
  }
}

const order = (one: string, other: string) => (one < other ? -1 : Number(one > other));
