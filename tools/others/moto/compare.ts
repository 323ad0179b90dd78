import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { CASES } from "./answers.ts";
import { DIFFERENCES, type Difference } from "./differences.ts";

type Answers = Readonly<Record<string, unknown>>;

const read = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Answers;
const shown = (value: unknown) => JSON.stringify(value);

/** Sentences about what is not as it is written down; none: all is. */
function complaints(server: Difference["server"], answers: Answers): readonly string[] {
  const listed = DIFFERENCES.filter((each) => each.server === server);
  const known = new Set(CASES.map(({ name }) => name));
  return [
    ...CASES.flatMap(({ name, by, expected }) => {
      const answer = answers[name];
      const difference = listed.find((each) => each.in === name);
      const wanted = difference ? difference.answers : expected;
      if (isDeepStrictEqual(answer, wanted)) return [];
      const listing = difference ? "listed is" : `by ${by} it is`;
      return [`${server}: ${name}: answers ${shown(answer)}, ${listing} ${shown(wanted)}`];
    }),
    ...listed.flatMap((each) =>
      known.has(each.in) ? [] : [`${server}: no case is called: ${each.in}`],
    ),
  ];
}

function main([moto = "", local = ""]: readonly string[]): number {
  const found = [...complaints("moto", read(moto)), ...complaints("local cloud", read(local))];
  for (const line of found) console.error(line);
  for (const { server, in: name, answers, because } of DIFFERENCES) {
    console.log(`differs: ${server}: ${name}\n  answers ${shown(answers)}; ${because}`);
  }
  console.log(
    `${CASES.length} cases, ${DIFFERENCES.length} listed differences, ${found.length} complaints`,
  );
  return found.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
