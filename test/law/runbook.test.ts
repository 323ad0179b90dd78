import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CLOUD_ERRORS, HALTS, NOT_YET } from "../../functions/failover/contract.ts";
import { REPROTECT_HALTS } from "../../functions/failover/reprotect-contract.ts";
import { TITLES } from "../../functions/notify/titles.ts";
import { RECOVER_HALTS } from "../../functions/recover/contract.ts";
import { NOTICES } from "../../lib/sla/notices.ts";
import { severityOf } from "../../lib/sla/severity.ts";
import { resourcesOf, templates } from "../lib/infra/templates.ts";

const runbook = readFileSync("docs/runbook.md", "utf8");

/** A section by its heading, without what lies below headings of its own. */
const sections = new Map(
  runbook
    .split(/^#{2,3} /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf("\n")), text] as const),
);

/** What a person at three in the morning needs of a section, in this order. */
const PARTS = /\*\*Means:\*\*[\s\S]+\*\*Look:\*\*[\s\S]+\*\*Do:\*\*[\s\S]+\*\*Not:\*\*/;

const alarms = [...templates].flatMap(([stack, template]) =>
  resourcesOf(template, "AWS::CloudWatch::Alarm").map(
    ({ Properties }) => [stack, Properties] as const,
  ),
);

const ALL_HALTS: readonly string[] = [...HALTS, ...REPROTECT_HALTS, ...RECOVER_HALTS];

describe("the runbook", () => {
  it.each(ALL_HALTS)("has a section for %s", (code) => {
    expect(sections.get(code)).toMatch(PARTS);
  });

  it("explains every other error that a failover ends with", () => {
    const [, patience = ""] = [...sections].find(([name]) => name.startsWith(NOT_YET)) ?? [];
    for (const name of [NOT_YET, ...CLOUD_ERRORS, "States.Timeout"]) {
      expect(patience).toContain(name);
    }
    expect(patience).toMatch(PARTS);
  });

  it("has no section for a halt that cannot happen", () => {
    const codes = [...sections.keys()].filter((name) => name.startsWith("Halt"));
    expect(codes.toSorted()).toEqual(ALL_HALTS.toSorted());
  });

  it.each(alarms)("has a section for the alarm of %s: $AlarmName", (_stack, properties) => {
    const description = String(properties["AlarmDescription"]);
    const anchor = /docs\/runbook\.md#([a-z-]+)$/.exec(description)?.[1] ?? "none";
    expect(properties["AlarmName"]).toBe(`sla-${anchor}`);
    expect(sections.get(anchor)).toMatch(PARTS);
  });

  it("names only functions, their logs, schedules, queues and machines that are deployed", () => {
    const NAMED = [
      /\/aws\/(?:lambda|apigateway|vendedlogs\/states)\/(sla-[a-z-]+)/g,
      /--function-name\s+(sla-[a-z-]+)/g,
      /\b(?:schedules?|queue|machine|function|executions? of) `(sla-[a-z-]+)/g,
    ];
    const named = NAMED.flatMap((each) => [...runbook.matchAll(each)].map(([, name = ""]) => name));
    expect(named.length).toBeGreaterThan(60);
    const sources = globSync(["functions/**/*.ts", "lib/infra/*.ts"]);
    const literals = sources.flatMap((file) => [
      ...readFileSync(file, "utf8").matchAll(/["`](sla-[a-z-]+)/g),
    ]);
    const ours = new Set(literals.map(([, name = ""]) => name.replace(/-$/, "")));
    // A schedule of a shard has its number behind.
    const unknown = named.filter((name) => !ours.has(name.replace(/-s$/, "")));
    expect(unknown).toEqual([]);
  });

  it.each(NOTICES.filter((kind) => severityOf({ kind }) !== "info").map((kind) => TITLES[kind]))(
    "leads from the subject of a mail to its section: %s",
    (title) => {
      const [, anchor = "none"] =
        runbook.split(`\n| ${title} | [`)[1]?.match(/^[^\]]*\]\(#([^)]*)\) \|\n/) ?? [];
      expect(sections.get(anchor)).toMatch(PARTS);
    },
  );

  it("has every section that mails refer to", () => {
    const sources = globSync(["functions/**/*.ts", "lib/**/*.ts"]);
    const named = sources.flatMap((file) => [
      ...readFileSync(file, "utf8").matchAll(/docs\/runbook\.md#([a-z-]+)/g),
    ]);
    const anchors = new Set(named.map(([, anchor = ""]) => anchor));
    expect([...anchors]).toEqual(expect.arrayContaining(["failover-halted", "site-silent"]));
    for (const anchor of anchors) expect(sections.get(anchor)).toMatch(PARTS);
  });
});
