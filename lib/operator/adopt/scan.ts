import { UserError } from "../../cli/user-error.ts";
import { PRESETS } from "../../sla/presets.ts";
import { paceFrom } from "../access.ts";
import { plainOf, questionsOf } from "./draft.ts";
import { draftYaml } from "./draft-yaml.ts";
import { type Proposal, propose } from "./propose.ts";
import { readAccount } from "./read-account.ts";
import type { Survey } from "./survey.ts";

interface ScanOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
  readonly regions?: readonly string[];
  readonly progress: (line: string) => void;
}

/** The proposal as printed; `isWhole` unless something could not be read. Throws UserError. */
export async function scanAccount({ env, json, ...scan }: ScanOptions) {
  const survey = await readAccount({ clock: paceFrom(env), ...scan });
  const proposal = propose(survey);
  const questions = questionsOf(proposal.fleet);
  if (countOf(proposal) === 0) throw nothingFound(survey, proposal);
  scan.progress(
    `${countOf(proposal)} proposed, ${proposal.skipped.length} skipped, ${questions.length} questions`,
  );
  const lines = json
    ? [JSON.stringify(jsonOf(survey, proposal))]
    : draftYaml(proposal.fleet, headOf(survey), tailOf(proposal)).trimEnd().split("\n");
  return { lines, isWhole: survey.unread.length === 0 };
}

const instancesOf = ({ fleet }: Proposal) => {
  const entry = fleet.entries.find(([key]) => key === "instances")?.[1];
  return entry?.kind === "list" ? entry.sections : [];
};
const countOf = (proposal: Proposal) => instancesOf(proposal).length;

function nothingFound({ account, regions, unread }: Survey, { skipped }: Proposal): UserError {
  const where = regions.map(({ region }) => region).join(", ") || "no region";
  const others = skipped.map(({ database, because }) => `; ${database}: ${because}`).join("");
  const blind = unread.map(({ what, because }) => `; ${what} not read: ${because}`).join("");
  return new UserError(
    `no RDS for PostgreSQL primary in account ${account} (${where}); other credentials, or other --regions?${others}${blind}`,
    1,
  );
}

const headOf = ({ account, at, regions, unread }: Survey) => [
  `Proposed from what account ${account} held at ${at.slice(0, 16)}Z in ${regions
    .filter(({ databases }) => databases.length > 0)
    .map(({ region }) => region)
    .toSorted()
    .join(", ")}. Nothing was changed.`,
  "",
  "Behind a question mark is what only you can say; a value before it is a guess.",
  "Behind an exclamation mark is what is in the way of a promise, below it what mends it.",
  `No promise is made up. Each plan is one of ${Object.keys(PRESETS).join(", ")}, or your own (docs/plans.md). Then see whether it can be kept:`,
  "  npx sla check fleet.yaml",
  ...(unread.length > 0 ? ["", "Not read, so it may be missing below:"] : []),
  ...unread.map(({ what, because }) => `- ${what}: ${because}`),
];

const tailOf = ({ skipped }: Proposal) =>
  skipped.length === 0
    ? []
    : [
        "Not proposed:",
        ...skipped.map(({ database, region, because }) => `- ${database} (${region}): ${because}`),
      ];

const jsonOf = ({ account, at, unread }: Survey, proposal: Proposal) => ({
  ...{ account, at },
  fleet: plainOf(proposal.fleet),
  questions: questionsOf(proposal.fleet),
  needs: instancesOf(proposal).map((each) => ({
    instance: plainOf(each)["id"],
    lines: (each.remarks ?? []).map((line) => line.trim()),
  })),
  skipped: proposal.skipped,
  unread,
});
