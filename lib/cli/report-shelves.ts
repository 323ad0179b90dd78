import type { Answering, Shelf } from "../../functions/report/answering.ts";
import type { FormerSite } from "../../functions/report/former-sites.ts";
import type { MissingSite } from "../operator/missing-sites.ts";
import type { Span } from "../sla/books/month.ts";
import type { Fleet } from "../sla/fleet.ts";
import { mirrorOf } from "../sla/mirror.ts";
import { UserError } from "./user-error.ts";

interface Asked {
  /** Directory or buckets with the ledgers or copies of them; absent: those of all sites are asked. */
  readonly ledger?: string;
  /** Both tell more than figures. */
  readonly json?: true;
  readonly html?: string;
}

/** What a month is read from. Says on stderr what it lacks; rejects where that would be guessed. */
export async function reportShelves(
  asked: Asked,
  fleet: Fleet,
  span: Span,
): Promise<readonly Shelf[]> {
  const [{ formerSites }, { dayOf }] = await Promise.all([
    import("../../functions/report/former-sites.ts"),
    import("../../functions/report/days.ts"),
  ]);
  const days = [dayOf(span.fromMs), dayOf(span.toMs - 1)] as const;
  const sites = Object.keys(fleet.sites);
  if (asked.ledger !== undefined) {
    const copies = await copied(asked.ledger, asked);
    const known = [...sites, ...copies.map(({ name }) => name)];
    const { missingSites } = await import("../operator/missing-sites.ts");
    const all = withMissing(copies, await missingSites(sites, copies, days));
    return withFormer(all, await formerSites(known, copies, days));
  }
  const [{ accessTo }, { answering }] = await Promise.all([
    import("../operator/access.ts"),
    import("../../functions/report/answering.ts"),
  ]);
  const { ledgers } = await accessTo(fleet, process.env);
  const found = await Promise.all(
    sites.map((site) =>
      answering(site, { ledgers, mirror: mirrorOf(site, fleet), lastDay: days[1] }),
    ),
  );
  const own = shelvesFor(asked, found);
  const keepers = sites.map((name) => ({ name, shelf: ledgers(name) }));
  const former = await formerSites(sites, keepers, days);
  return withFormer(
    own.map((shelf) => ({ shelf })),
    former,
  );
}

/** Of a ledger that was not copied, what another one keeps of it. */
function withMissing(
  copies: readonly { readonly shelf: Shelf }[],
  missing: readonly MissingSite[],
): readonly { readonly shelf: Shelf }[] {
  for (const { site, kept } of missing) {
    const lacks = kept
      ? `its sealed days, up to ${kept.upTo}, are read in ${kept.readIn || "the ledger"}; failovers, backups and tests that its ledger alone has are not told`
      : "what it alone saw is not counted";
    console.error(`sla: ${site} is a site of the fleet, and no copy is of its ledger: ${lacks}`);
  }
  return [...copies, ...missing.filter(({ kept }) => kept !== undefined)];
}

/** What a site saw stays true when it has left the fleet; the rest of its ledger is not read. */
function withFormer(
  own: readonly { readonly shelf: Shelf }[],
  former: readonly FormerSite[],
): readonly Shelf[] {
  for (const { site, readIn } of former) {
    console.error(
      `sla: ${site} is no site any more: its sealed days are read in ${readIn || "the ledger"}; failovers, backups and tests that its ledger alone has are not told`,
    );
  }
  return [...own, ...former].map(({ shelf }) => shelf);
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

async function copied(where: string, asked: Asked) {
  const [{ copiesAt }, { shownReading }] = await Promise.all([
    import("../operator/ledger-copies.ts"),
    import("./reading-shown.ts"),
  ]);
  const { ledgers } = await copiesAt(where, process.env);
  const partial = ledgers.find((each) => each.partial !== undefined)?.partial;
  if (tellsAll(asked) && partial !== undefined) {
    console.error(
      `sla: ${partial} is no whole ledger: incidents, backups and tests that it lacks are not told`,
    );
  }
  return shownReading(ledgers);
}

const tellsAll = ({ json, html }: Asked) => json === true || html !== undefined;
