import { hanging } from "./hanging.ts";
import type { VerifiedPlace } from "./verify.ts";
import type { VerifiedPublication } from "./verify-published.ts";

/** More findings of a place than these are in the JSON. */
const SHOWN = 10;

/** What was found of a month's evidence, for people, at most 80 columns wide. */
export function verifyLines(
  month: string,
  places: readonly VerifiedPlace[],
  published: readonly VerifiedPublication[] = [],
): readonly string[] {
  const wrong = [...places, ...published].reduce((sum, { findings }) => sum + findings.length, 0);
  const days = places.reduce((sum, each) => sum + each.days, 0);
  return [
    ...[...places.map(placeLines), ...published.map(publishedLines)].flatMap((lines) => [
      ...lines,
      "",
    ]),
    ...verdict(month, wrong, days),
  ];
}

const publishedLines = ({ name, documents, findings }: VerifiedPublication): readonly string[] => [
  ...hanging("published  ", `${documents} documents looked at${name && ` in ${name}`}`),
  ...findingLines(findings),
];

function verdict(month: string, wrong: number, days: number): readonly string[] {
  if (wrong > 0) {
    return hanging(
      "",
      `NOT OK: ${wrong} ${wrong === 1 ? "finding" : "findings"}: the report of ${month}, or what it follows from, was changed, or is not sealed.`,
    );
  }
  if (days === 0)
    return hanging("", `NOT OK: no day of ${month} is sealed yet: nothing can be said.`);
  return hanging(
    "",
    `OK: ${month} follows from records that nobody has changed since their days were sealed.`,
  );
}

function placeLines(place: VerifiedPlace) {
  const { name, days, frozen, mirrored, records, statements, findings, pending } = place;
  const elsewhere = (count: number | null, where: string) =>
    count === null ? `${where}: nobody could look` : `${where}: ${count} of ${days}`;
  const said = statements === 0 ? "" : `, and ${statements} of what else it goes by`;
  return [
    ...hanging(`${name}  `, `${days} days sealed, ${records} records looked at${said}`),
    ...hanging(
      "  seals  ",
      `${elsewhere(frozen, "in the frozen bucket")}; ${elsewhere(mirrored, "in another ledger")}`,
    ),
    ...pending.flatMap(({ key, dueBy }) =>
      hanging("  · ", `${key} is not there yet: its pass is due, by ${dueBy.slice(0, 16)}Z`),
    ),
    ...findingLines(findings),
  ];
}

const findingLines = (findings: VerifiedPlace["findings"]): readonly string[] => [
  ...findings.slice(0, SHOWN).flatMap(({ key, what }) => hanging("  ! ", `${key} ${what}`)),
  ...(findings.length > SHOWN ? [`  ! and ${findings.length - SHOWN} more (--json has all)`] : []),
];
