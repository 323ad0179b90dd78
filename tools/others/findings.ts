import { readFileSync } from "node:fs";
import { REASONS } from "./reasons.ts";

interface Finding {
  readonly check: string;
  /** `AWS::SQS::Queue.AlertsDeadLetters7896913A`, or a path in the template. */
  readonly where: string;
  readonly template: string;
  readonly says: string;
}

interface CfnLintMatch {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Filename: string;
  readonly Location: { readonly Path?: readonly (string | number)[] };
}

interface CheckovReport {
  readonly results: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly resource: string;
      readonly file_path: string;
    }[];
  };
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
}

const readJson = <T>(file: string) => JSON.parse(readFileSync(file, "utf8")) as T;

function main([cfnLint = "", checkov = "", policies = ""]: readonly string[]): number {
  const linted = readJson<readonly CfnLintMatch[]>(cfnLint).map(
    ({ Rule, Message, Filename, Location }): Finding => ({
      ...{ check: Rule.Id, says: Message, template: Filename },
      where: (Location.Path ?? []).join("/"),
    }),
  );
  const { results, summary } = readJson<CheckovReport>(checkov);
  const checked = results.failed_checks.map(
    ({ check_id, check_name, resource, file_path }): Finding => ({
      ...{ check: check_id, says: check_name, template: file_path, where: resource },
    }),
  );
  if (summary.passed === 0 || summary.parsing_errors > 0) {
    console.error(`checkov: ${summary.passed} passed, ${summary.parsing_errors} not read`);
    return 1;
  }
  return judged([...linted, ...checked, ...readJson<readonly Finding[]>(policies)], summary.passed);
}

/** The exit code. */
function judged(findings: readonly Finding[], passed: number): number {
  const used = new Set<(typeof REASONS)[number]>();
  const open = findings.filter(({ check, where }) => {
    const reason = REASONS.find((each) => each.check === check && each.where.test(where));
    if (reason) used.add(reason);
    return !reason;
  });
  for (const { check, where, template, says } of open) {
    console.error(`${check}: ${says}\n  ${where} in ${template}`);
  }
  const stale = REASONS.filter((reason) => !used.has(reason));
  for (const { check, where } of stale) console.error(`${check} ${where}: a reason for nothing`);
  console.log(
    `${passed} checks passed; ${findings.length - open.length} findings with a reason, ${open.length} without`,
  );
  return open.length + stale.length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
