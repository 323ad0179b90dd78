import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { sla } from "../cli/sla.ts";

const reports = mkdtempSync(join(tmpdir(), "another-fleet-"));
afterAll(() => rmSync(reports, { recursive: true }));

// Four sites watch through five vantages here: two cores that do other work too need time between looks.
const PACE = 20;

const count = z.int().nonnegative();
const Drill = z.object({
  instance: z.literal("russet"),
  plan: z.literal("binhex"),
  fault: z.literal("kill"),
  pace: z.literal(PACE),
  ok: z.literal(true),
  timeline: z
    .array(z.strictObject({ at: z.iso.datetime(), step: z.string(), detail: z.string() }))
    .nonempty(),
  promised: z.strictObject({ rtoSeconds: z.literal(1800), rpoSeconds: z.literal(300) }),
  deadlineSeconds: z.literal(1800 / PACE),
  measured: z.object({
    rtoSeconds: z
      .number()
      .positive()
      .lt(1800 / PACE),
    rpoSeconds: z
      .number()
      .nonnegative()
      .lt(300 / PACE),
    // 3 rounds of 15 s, 180 s for Multi-AZ, a TTL of 30 s, all divided.
    waitsSeconds: z.literal((3 * 15 + 180 + 30) / PACE),
    overheadSeconds: z.number(),
  }),
  writes: z.strictObject({
    acknowledged: count.positive(),
    lost: count,
    acknowledgedByOldPrimaryAfterPromotion: z.literal(0),
    ghosts: count,
  }),
  dns: z.strictObject({
    before: z.string().regex(/^russet\.\S+\.ca-central-1\./),
    after: z.string().regex(/^russet-replica\.\S+\.us-east-2\./),
    flippedBy: z.literal("api"),
    neighboursMoved: z.literal(0),
  }),
  promoted: z.literal(true),
  mails: z
    .array(z.strictObject({ at: z.iso.datetime(), to: z.email(), subject: z.string() }))
    .nonempty(),
  debts: z.tuple([]),
});

describe("another provider's fleet", () => {
  it("survives the death of a primary: one line of JSON, two reports, exit 0", {
    timeout: 240_000,
  }, async () => {
    const fleet = "test/fixtures/orchard-fleet.yaml";
    const run = await sla(
      "drill",
      "--fleet",
      fleet,
      "--pace",
      String(PACE),
      "--json",
      "--out",
      reports,
    );
    const [line = "", ...more] = run.stdout.trim().split("\n");
    expect(more).toEqual([]);
    const result = JSON.parse(line || "{}") as { readonly checks?: readonly { ok: boolean }[] };
    expect(
      result.checks?.filter(({ ok }) => !ok),
      run.stderr,
    ).toEqual([]);
    expect(z.safeParse(Drill, result).error?.issues ?? []).toEqual([]);
    expect(run).toMatchObject({ exitCode: 0, left: { processes: [], directories: [] } });
    const [report = ""] = readdirSync(reports);
    const file = (name: string) => readFileSync(join(reports, report, name), "utf8");
    expect(JSON.parse(file("report.json"))).toEqual(result);
    expect(file("report.html")).toContain("russet");
  });
});
