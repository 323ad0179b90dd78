import type { Command } from "commander";
import { clockFrom } from "../../functions/kernel/clock.ts";
import type { Web } from "../operator/fetch-one.ts";
import type { FetchReport } from "../operator/fetch-tally.ts";
import { hanging } from "../operator/hanging.ts";
import { sizeOf } from "../operator/size.ts";
import { say } from "./say.ts";
import { textOf } from "./standard-input.ts";

interface FetchFlags {
  readonly to: string;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command("fetch")
    .description("bring what a link leads to into a directory: the dump and its files")
    .argument("<link>", "as it was made, nothing else is needed; - reads it from standard input")
    .requiredOption("--to <directory>", "empty, or where an earlier run has stopped")
    .option("--json", "print one JSON object instead of lines")
    .action((link: string, flags: FetchFlags) => fetchTo(link, flags.to, flags.json === true));
}

async function fetchTo(link: string, directory: string, isJson: boolean): Promise<void> {
  // Arguments of a process can be read by whoever else is on the machine.
  const given = link === "-" ? await textOf(process.stdin, "the link") : link;
  const report = await bringTo(given, directory, isJson);
  if (isJson) say(JSON.stringify({ to: directory, ...report }));
  else say(...reportLines(report, directory));
}

/** Sets the exit code to 1 where something is missing; a repeat goes on. Throws UserError. */
export async function bringTo(
  link: string,
  directory: string,
  isQuiet: boolean,
): Promise<FetchReport> {
  const { fetchArchive } = await import("../operator/fetch-archive.ts");
  const clock = clockFrom({});
  const web: Web = {
    get: (url, headers) => fetch(url, headers && { headers }),
    pause: (seconds) => clock.wait(seconds),
  };
  const report = await fetchArchive(link, directory, {
    ...{ web, clock },
    tell: ({ done, of, bytes, ofBytes }) => {
      if (!isQuiet) say(`  ${done} of ${of}, ${sizeOf(bytes)} of ${sizeOf(ofBytes)}`);
    },
  });
  if (report.missingCount > 0) process.exitCode = 1;
  return report;
}

export function reportLines(report: FetchReport, directory: string): readonly string[] {
  const { instance, backup, dump, files, bytes, fetched, bySizeAlone, missing } = report;
  const { missingCount } = report;
  const unsummed = bySizeAlone > 0 ? `; ${bySizeAlone} of them came in parts, known by size` : "";
  return [
    ...hanging(`${instance}: `, `${backup}, ${sizeOf(bytes)}: ${fetched} fetched now${unsummed}`),
    ...(dump === undefined ? [] : [`  dump     ${dump}`]),
    files === 0 && missingCount === 0
      ? "  files    none by this link"
      : `  files    ${files}, below files/`,
    ...hanging("  check    ", "all was compared when it came; once more:"),
    `           cd '${directory}' && sha256sum -c --quiet SHA256SUMS`,
    ...hanging("  restore  ", "as archive.json says"),
    ...missing.flatMap(({ path, why }) => hanging("  missing  ", `${path}: ${why}`)),
    ...(missingCount === 0
      ? []
      : hanging("  ", `${missingCount} are missing: say it once more, it goes on where it was`)),
  ];
}
