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
    ...(wrong === 0 && days > 0 ? fine(month, places) : refuted(month, wrong)),
  ];
}

/** Whoever owns a ledger can compute all of its seals anew: somebody else has to have them as well. */
function fine(month: string, places: readonly VerifiedPlace[]): readonly string[] {
  const alone = places.filter((each) => each.days > 0 && !each.frozen && !each.mirrored);
  const names = alone.map(({ name }) => name || "the ledger").join(", ");
  const but =
    alone.length === 0
      ? ""
      : ` But the seals of ${names} were found nowhere else: who owns them could have made them anew.`;
  return hanging(
    "",
    `OK: ${month} follows from records that nobody has changed since their days were sealed.${but}`,
  );
}

const publishedLines = ({
  name,
  documents,
  unsettled,
  findings,
}: VerifiedPublication): readonly string[] => [
  ...hanging("published  ", `${documents} documents looked at${name && ` in ${name}`}`),
  ...(unsettled.length === 0
    ? []
    : hanging(
        "  · ",
        `not in the fleet file, so held against no evidence: ${unsettled.join(", ")}`,
      )),
  ...findingLines(findings),
];

function refuted(month: string, wrong: number): readonly string[] {
  if (wrong > 0) {
    return hanging(
      "",
      `NOT OK: ${wrong} ${wrong === 1 ? "finding" : "findings"}: the report of ${month}, or what it follows from, was changed, or is not sealed.`,
    );
  }
  return hanging("", `NOT OK: no day of ${month} is sealed yet: nothing can be said.`);
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
