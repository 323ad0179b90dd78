import type { Answering, Shelf } from "../../functions/report/answering.ts";
import type { ReportWish } from "../books/month-report.ts";
import type { Fleet } from "../sla/fleet.ts";
import { mirrorOf } from "../sla/mirror.ts";
import { UserError } from "./user-error.ts";

interface Asked {
  /** Directory with copies of the ledgers; absent: they are asked. */
  readonly ledger?: string;
  /** Both tell more than figures. */
  readonly json?: true;
  readonly html?: string;
}

/** What a month is read from. Says on stderr what it lacks; rejects where that would be guessed. */
export async function reportShelves(
  asked: Asked,
  fleet: Fleet,
  { span }: Pick<ReportWish, "span">,
): Promise<readonly Shelf[]> {
  if (asked.ledger !== undefined) return copiesIn(asked.ledger, asked);
  const [{ accessTo }, { answering }, { dayOf }] = await Promise.all([
    import("../operator/access.ts"),
    import("../../functions/report/answering.ts"),
    import("../../functions/report/days.ts"),
  ]);
  const { ledgers } = await accessTo(fleet, process.env);
  const lastDay = dayOf(span.toMs - 1);
  const sites = Object.keys(fleet.sites).map((site) =>
    answering(site, { ledgers, mirror: mirrorOf(site, fleet), lastDay }),
  );
  return shelvesFor(asked, await Promise.all(sites));
}

/** Of a lost site its days are kept elsewhere, and nothing else. Throws UserError. */
export function shelvesFor(
  asked: Asked,
  found: readonly Pick<Answering, "site" | "shelf" | "readIn">[],
): readonly Shelf[] {
  for (const { site, readIn } of found) {
    if (readIn === undefined) continue;
    if (tellsAll(asked)) {
      throw new UserError(
        `${site} does not answer: ${readIn} keeps its days, but nobody its incidents, backups and tests; without --json and --html the figures are settled`,
        1,
      );
    }
    console.error(`sla: ${site} does not answer: its sealed days are read in ${readIn}`);
  }
  return found.map(({ shelf }) => shelf);
}

async function copiesIn(directory: string, asked: Asked): Promise<readonly Shelf[]> {
  const { partialLedgers, shelvesIn } = await import("../operator/ledger-directory.ts");
  const shelves = shelvesIn(directory);
  const [partial] = tellsAll(asked) ? partialLedgers(directory) : [];
  if (partial !== undefined) {
    console.error(
      `sla: ${partial} is no whole ledger: incidents, backups and tests that it lacks are not told`,
    );
  }
  return shelves;
}

const tellsAll = ({ json, html }: Asked) => json === true || html !== undefined;
