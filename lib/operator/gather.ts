import type { FailoverNote } from "../../functions/failover/incident-note.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import { shardsOf } from "../sla/shards.ts";
import type { Access } from "./access.ts";
import type { Gathered, Unanswered } from "./fleet-status.ts";
import { newestEntry } from "./instance-status.ts";
import type { Unconfirmed } from "./mailing.ts";
import { readBooks, type SiteBooks } from "./site-books.ts";

/**
 * Asks every site at once. One that does not answer is said, not fatal; throws UserError if no ledger
 * answers, because then nothing is known.
 */
export async function gather(access: Access): Promise<Gathered> {
  const { fleet, clock } = access;
  const sites = Object.keys(fleet.sites);
  const [ledgers, mailings] = await Promise.all([
    Promise.all(sites.map((site) => asked(site, "ledger", booksOf(access, site)))),
    Promise.all(
      sites.map((site) => asked(site, "subscriptions", access.mailing.unconfirmed(site))),
    ),
  ]);
  const books = ledgers.flatMap(({ said }) => said ?? []);
  if (books.length === 0) throw noLedger(ledgers.flatMap(({ unanswered }) => unanswered));
  const [running, notes] = await Promise.all([runningOf(access, books), notesOf(access, books)]);
  return {
    books,
    running,
    notes,
    now: clock.now(),
    pacer: clock,
    unconfirmed: mailings.flatMap(({ said = [] as readonly Unconfirmed[] }) => said),
    unanswered: [...ledgers, ...mailings].flatMap(({ unanswered }) => unanswered),
  };
}

const booksOf = ({ fleet, ledgers }: Access, site: string) =>
  readBooks(ledgers(site), site, shardsOf(fleet));

interface Asked<T> {
  readonly said?: T;
  readonly unanswered: readonly Unanswered[];
}

async function asked<T>(
  region: string,
  what: Unanswered["what"],
  call: Promise<T>,
): Promise<Asked<T>> {
  try {
    return { said: await call, unanswered: [] };
  } catch (cause) {
    return { unanswered: [{ region, what, why: (cause as Error).message }] };
  }
}

/** Holders of a lock that are still at work; one that cannot be asked counts as such. */
async function runningOf({ executions }: Access, books: readonly SiteBooks[]) {
  const held = books.flatMap(({ locks }) =>
    [...locks.values()].flatMap((lock) => (lock.state === "held" ? [lock.by] : [])),
  );
  const alive = await Promise.all(held.map((arn) => executions.isRunning(arn).catch(() => true)));
  return new Set(held.filter((_, index) => alive[index]));
}

interface Record {
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
        .read<Record>(key)
        .catch(() => undefined);
      return [[id, read?.value.failovers ?? []] as const];
    }),
  );
  return new Map(found.flat());
}

function noLedger(silent: readonly Unanswered[]): UserError {
  const [first] = silent;
  return new UserError(
    `sites: no ledger answers in ${silent.map(({ region }) => region).join(", ")}: ${first?.why}; is the fleet deployed, and AWS_ENDPOINT_URL right?`,
  );
}
