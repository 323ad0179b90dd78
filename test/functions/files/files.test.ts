import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FILES_SECONDS, type FilesOrder } from "../../../functions/files/contract.ts";
import { accomplished } from "../../../functions/files/files.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { filesRun, MemoryFilestores, MemoryReplica } from "../../fakes/file-world.ts";

const FILESTORE = "s3://hosting/acme";
const AT = "hosting/acme";
const TAKEN = "2026-01-05T03:00:00.000Z";
const NOW = "2026-01-05T03:20:00.000Z";

const order = (changes: Partial<FilesOrder> = {}): FilesOrder => ({
  ...{ instance: "acme", filestore: FILESTORE, gone: [] },
  backups: [{ id: "sla-acme-1", takenAt: TAKEN }],
  ...changes,
});

function world(contents: Readonly<Record<string, string>> = {}) {
  const source = new MemoryFilestores();
  for (const [key, content] of Object.entries(contents)) source.put(AT, key, content);
  const replica = new MemoryReplica(source);
  const clock = new FakeClock(NOW);
  return {
    ...{ source, replica, clock },
    run: (...orders: readonly FilesOrder[]) => filesRun({ orders }, source, replica, clock),
  };
}

describe("the files of a backup", () => {
  it("are copied, and written down with their versions, after the database", async () => {
    const { replica, run } = world({ "ab/1": "one", "ab/2": "two" });
    expect(await run(order())).toEqual({ done: [{ instance: "acme", outcome: "paired" }] });
    expect(replica.manifests.get("sla-acme-1")).toEqual({
      ...{ instance: "acme", backup: "sla-acme-1", filestore: FILESTORE },
      ...{ takenAt: TAKEN, filesAt: NOW },
      files: [
        { key: "ab/1", size: 3, etag: '"one"', versionId: "acme/ab/1#0" },
        { key: "ab/2", size: 3, etag: '"two"', versionId: "acme/ab/2#0" },
      ],
    });
  });

  it("are not those of somebody whose folder begins alike", async () => {
    const { source, replica, run } = world({ mine: "one" });
    source.put("hosting/acme2", "theirs", "two");
    await run(order());
    expect(replica.restored("sla-acme-1")).toEqual({ mine: "one" });
  });

  it("are copied once, also those that came in parts", async () => {
    const { replica, run } = world({ small: "one", large: "parts of two" });
    await run(order());
    await run(order({ backups: [{ id: "sla-acme-2", takenAt: TAKEN }] }));
    expect(replica.copies).toBe(2);
    expect(replica.restored("sla-acme-2")).toEqual(replica.restored("sla-acme-1"));
  });

  it("stay with an older backup when they are changed or deleted", async () => {
    const { source, replica, run } = world({ a: "one", b: "two" });
    await run(order());
    source.put(AT, "a", "changed");
    source.remove(AT, "b");
    await run(order({ backups: [{ id: "sla-acme-2", takenAt: TAKEN }] }));
    expect(replica.restored("sla-acme-1")).toEqual({ a: "one", b: "two" });
    expect(replica.restored("sla-acme-2")).toEqual({ a: "changed" });
  });

  it("are listed again if one changes while it is copied", async () => {
    const { source, replica, run } = world({ a: "one", b: "two" });
    source.meanwhile = () => source.put(AT, "a", "changed");
    expect(await run(order())).toMatchObject({ done: [{ outcome: "paired" }] });
    expect(replica.restored("sla-acme-1")).toEqual({ a: "changed", b: "two" });
  });

  it("wait for the next pass if they change all the time", async () => {
    const { source, replica, run } = world({ a: "one" });
    let n = 0;
    replica.beforeCopy = () => {
      n += 1;
      source.put(AT, "a", `${n}`);
    };
    expect(await run(order())).toMatchObject({ done: [{ outcome: "under way" }] });
    expect(replica.manifests.size).toBe(0);
  });

  it("of a backup that is younger than they are come with the next pass", async () => {
    const { replica, run } = world({ a: "one" });
    const young = { id: "sla-acme-2", takenAt: "2026-01-05T03:20:01.000Z" };
    const report = await run(order({ backups: [young, ...order().backups] }));
    expect(report).toMatchObject({ done: [{ outcome: "under way" }] });
    expect([...replica.manifests.keys()]).toEqual(["sla-acme-1"]);
  });

  it("are not written down before all are there, and what is there is not copied again", async () => {
    const names = Array.from({ length: 40 }, (_, n) => [`f${n}`, `content ${n}`]);
    const { replica, clock, run } = world(Object.fromEntries(names));
    replica.beforeCopy = () => clock.wait(400);
    const [first] = (await run(order())).done;
    expect(first).toMatchObject({ outcome: "under way", said: expect.stringMatching(/left$/) });
    expect(replica.manifests.size).toBe(0);
    const before = replica.copies;
    expect(before).toBeGreaterThan(0);
    replica.beforeCopy = undefined;
    await run(order());
    expect(replica.copies).toBe(40);
    expect(Object.keys(replica.restored("sla-acme-1"))).toHaveLength(40);
  });

  it("of one instance that cannot be read keep no other waiting, and are told", async () => {
    const { source, replica, run } = world({ a: "one" });
    source.refusing.add("closed");
    const report = await run(order({ instance: "birch", filestore: "s3://closed" }), order());
    expect(report.done.map(({ outcome }) => outcome)).toEqual(["failed", "paired"]);
    expect(replica.manifests.has("sla-acme-1")).toBe(true);
    expect(() => accomplished(report)).toThrow("1 not copied: birch: CloudRefused");
    expect(accomplished({ done: report.done.slice(1) })).toBeDefined();
  });

  it("of which one cannot be copied are not paired, and it is named; the others are there", async () => {
    const { replica, run } = world({ a: "one", b: "two" });
    let asked = 0;
    replica.beforeCopy = () => {
      asked += 1;
      if (asked === 2) throw new Error("it is archived");
    };
    const [done] = (await run(order())).done;
    expect(done).toMatchObject({
      ...{ outcome: "failed", said: "FilesNotCopied: 'b': Error: it is archived" },
    });
    expect([replica.copies, replica.manifests.size]).toEqual([1, 0]);
  });

  it("go without their manifest when the backup is gone", async () => {
    const { replica, run } = world({ a: "one" });
    await run(order());
    await run(order({ backups: [], gone: ["sla-acme-1"] }));
    expect(replica.manifests.size).toBe(0);
    expect(replica.copies).toBe(1);
  });
});

const change = fc.record({
  key: fc.constantFrom("a", "b", "c"),
  /** Absent: it is deleted. */
  content: fc.option(fc.constantFrom("x", "y", "parts z"), { nil: undefined }),
});
const pass = fc.record({
  /** Cut off after so many copies. */
  copies: fc.option(fc.nat(3), { nil: undefined }),
  /** By an error, or by the end of its time. */
  fails: fc.boolean(),
  /** After the list was made. */
  meanwhile: fc.option(change, { nil: undefined }),
});
const steps = fc.array(
  fc.oneof(fc.record({ change }), fc.record({ pass }), fc.constant({ backup: true as const })),
  { maxLength: 30 },
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
type Step = { readonly change: Change } | { readonly pass: Pass } | { readonly backup: true };
type Pass = typeof pass extends fc.Arbitrary<infer T> ? T : never;

/** One instance whose source is remembered as it was at every instant. */
class Course {
  readonly world = world();
  readonly backups: { readonly id: string; readonly takenAt: string }[] = [];
  readonly history = new Map<string, object>();

  /** Ends with a backup, and a pass that nothing disturbs. */
  async play(all: readonly Step[]): Promise<void> {
    for (const each of all) {
      if ("change" in each) await this.change(each.change);
      else if ("pass" in each) await this.pass(each.pass);
      else await this.backup();
    }
    await this.backup();
    await this.pass({ copies: undefined, fails: false, meanwhile: undefined });
  }

  async change({ key, content }: Change): Promise<void> {
    const { source, clock } = this.world;
    await clock.wait(1);
    if (content === undefined) source.remove(AT, key);
    else source.put(AT, key, content);
    this.#remember();
  }

  async backup(): Promise<void> {
    await this.world.clock.wait(1);
    this.backups.push({
      id: `b${this.backups.length}`,
      takenAt: this.world.clock.now().toISOString(),
    });
  }

  async pass({ copies = Number.POSITIVE_INFINITY, fails, meanwhile }: Pass): Promise<void> {
    const { source, replica, clock, run } = this.world;
    await clock.wait(1);
    this.#remember();
    let left = copies;
    replica.beforeCopy = async () => {
      left -= 1;
      if (left < 0 && fails) throw new Error("cut off");
      if (left < 0) await clock.wait(FILES_SECONDS);
    };
    source.meanwhile = meanwhile && (() => this.change(meanwhile));
    const backups = this.backups.filter(({ id }) => !replica.manifests.has(id));
    await run(order({ backups }));
  }

  #remember(): void {
    const { source, clock } = this.world;
    this.history.set(clock.now().toISOString(), source.contents(AT));
  }
}

describe("any sequence of changes, backups and passes that are cut off", () => {
  it("pairs each backup with exactly what the source had at one instant after it", async () => {
    const law = fc.asyncProperty(steps, async (all) => {
      const course = new Course();
      await course.play(all);
      const { replica } = course.world;
      for (const { id, takenAt } of course.backups) {
        const { filesAt = "" } = replica.manifests.get(id) ?? {};
        expect(filesAt >= takenAt).toBe(true);
        expect(replica.restored(id)).toEqual(course.history.get(filesAt));
      }
    });
    await fc.assert(law, { numRuns: 200 });
  });
});

it("an invocation ends before Lambda ends it", () => {
  expect(FILES_SECONDS + 240).toBeLessThan(900);
});
