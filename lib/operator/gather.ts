import type { FailoverNote } from "../../functions/failover/incident-note.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { Access } from "./access.ts";
import { answerOf, askSites } from "./ask-sites.ts";
import type { Gathered } from "./fleet-status.ts";
import { newestEntry } from "./instance-status.ts";
import { readBooks, type SiteBooks } from "./site-books.ts";
import { knownWindows } from "./windows.ts";

/** All that ledgers and topics say of a fleet. Throws UserError if no ledger answers. */
export async function gather(access: Access): Promise<Gathered> {
  const { fleet, mailing, clock } = access;
  const sites = Object.keys(fleet.sites);
  const [asked, mailings, known] = await Promise.all([
    askSites(access, (site) => readBooks(access, site)),
    Promise.all(sites.map((site) => answerOf(site, "subscriptions", mailing.unconfirmed(site)))),
    // That no ledger answers is said by those who cannot do without.
    knownWindows(access).catch(() => undefined),
  ]);
  return {
    ...asked,
    windows: known?.windows ?? [],
    notes: await notesOf(access, asked.books),
    now: clock.now(),
    pacer: clock,
    unconfirmed: mailings.flatMap(({ said }) => said ?? []),
    unanswered: [...asked.unanswered, ...mailings.flatMap(({ unanswered }) => unanswered)],
  };
}

interface IncidentNotes {
  readonly failovers?: readonly FailoverNote[];
}

/** Only of incidents that are open; a record nobody can read says nothing. */
async function notesOf({ fleet, ledgers }: Access, books: readonly SiteBooks[]) {
  const found = await Promise.all(
    fleet.instances.map(async ({ id }) => {
      const seen = newestEntry(id, books);
      if (seen?.entry.incident.kind !== "down") return [];
      const key = keys.incident(id, seen.entry.incident.incident);
      const read = await ledgers(seen.site)
        .read<IncidentNotes>(key)
        .catch(() => undefined);
      return [[id, read?.value.failovers ?? []] as const];
    }),
  );
  return new Map(found.flat());
}
