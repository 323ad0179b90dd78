import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { complaintOf, type Told, toldInDocument, toldInSource } from "./told-commands.ts";

/** The changelog tells of what was, the rest of what is. */
const DOCUMENTS = ["README.md", "CONTRIBUTING.md", ...globSync(["docs/**/*.md", "bench/*.md"])];
const SOURCES = globSync(["lib/**/*.ts", "functions/**/*.ts"]);

const told = [
  ...DOCUMENTS.flatMap((file) => toldInDocument(file, readFileSync(file, "utf8"))),
  ...SOURCES.flatMap((file) => toldInSource(file, readFileSync(file, "utf8"))),
];

const complaints = (all: readonly Told[]) =>
  all.flatMap((each) => {
    const complaint = complaintOf(each);
    return complaint === undefined
      ? []
      : [`${each.file}:${each.line}: sla ${each.words.join(" ")}: ${complaint}`];
  });

describe("whatever documents, mails and answers tell people to type", () => {
  it("is a command line that sla takes", { timeout: 60_000 }, () => {
    expect(complaints(told)).toEqual([]);
  });

  it("is found where it stands", () => {
    const typed = told.filter(({ isWhole }) => isWhole);
    const at = (place: string) => typed.filter(({ file }) => file.startsWith(place)).length;
    expect(at("README.md")).toBeGreaterThan(50);
    expect(at("docs/runbook.md")).toBeGreaterThan(25);
    expect(at("functions/")).toBeGreaterThan(20);
    expect(at("lib/operator/")).toBeGreaterThan(30);
  });
});

describe("what cannot be typed is found", () => {
  it.each([
    ["a command that is none", "`npx sla statuss`", "there is no command 'statuss'"],
    ["a flag that is none", "`sla failover --planed`", "there is no flag '--planed'"],
    ["what lacks a flag", "    npx sla approve acme", "--reason <text>"],
    ["an act without its reason", "`sla recover acme --to eu-west-1`", "--reason: say why"],
    ["what lacks an argument", "`npx sla backups --now`", "missing required argument 'id'"],
    ["a flag without its value", "`sla restore-files acme --to`", "argument missing"],
    ["one word too many", "`sla retire acme birch`", "too many arguments"],
    ["a value that cannot be", "`sla recover acme --dry-run --allow-loss soon`", "--allow-loss"],
    ["the second of two commands", "`sla ack x --reason y; sla nap`", "'nap'"],
    ["the second of two that may be", "    npx sla webhook list|forget NAME", "webhook"],
    ["a flag on the next line", "    npx sla failover ID --reason T\n       [--slow]", "--slow"],
  ])("in a document: %s", (_, text, complaint) => {
    expect(complaints(toldInDocument("doc.md", text)).join()).toContain(complaint);
  });

  it.each([
    ["an act without its reason", "`npx sla failover $" + "{id} --force`", "--reason: say why"],
    ["before a sentence goes on", "`sla reprotect $" + "{id} builds one`", "--reason <text>"],
    ["with a value filled in", "`npx sla adopt $" + "{id} --by $" + "{who}`", "'--by'"],
    ["in plain words", '"see npx sla backups"', "missing required argument 'id'"],
  ])("in a source: %s", (_, text, complaint) => {
    expect(complaints(toldInSource("code.ts", text)).join()).toContain(complaint);
  });
});

describe("what can be typed is left alone", () => {
  it.each([
    ["a look that needs no reason", "`sla recover acme --dry-run`"],
    ["a name of what there is", "`sla failover --planned` moves it home"],
    ["what is left out", "`sla leave ID --reason … ` without `--yes`"],
    ["one of two flags", "    npx sla leave ID --reason T [--yes | --undo]"],
    ["a comment, a redirection", "    npx sla adopt --scan > fleet.yaml   # sla nap"],
    ["an answer", "```\nOK: sla check counts them\n```"],
    ["a role of that name", "`alter role sla password 'x'`"],
  ])("in a document: %s", (_, text) => {
    expect(complaints(toldInDocument("doc.md", text))).toEqual([]);
  });

  it("in a source: a sentence that goes on, a comment, the parts of a command", () => {
    const text = `
      // sla nap
      "sla status says who, sla backups ID which";
      ["npx sla failover acme", \`--reason \${why}\`].join(" ");`;
    expect(complaints(toldInSource("code.ts", text))).toEqual([]);
  });
});
