import type { Approval } from "../../functions/approval/contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import type { Access } from "./access.ts";
import type { Unanswered } from "./fleet-status.ts";
import { folderOf } from "./halt-lines.ts";
import { noLedger } from "./no-ledger.ts";
import type { SiteBooks } from "./site-books.ts";

interface Asked {
  readonly books: readonly SiteBooks[];
  /** ARNs of executions that hold a lock and run. */
  readonly running: ReadonlySet<string>;
  /** By instance: what a running failover asks a person. */
  readonly questions: ReadonlyMap<string, Approval>;
  readonly unanswered: readonly Unanswered[];
}

/**
 * Asks the ledgers of all sites at once. One that does not answer is said, not fatal; throws UserError if
 * none answers, because then nothing is known.
 */
export async function askSites(
  access: Access,
  read: (site: string) => Promise<SiteBooks>,
): Promise<Asked> {
  const sites = Object.keys(access.fleet.sites);
  const asked = await Promise.all(sites.map((site) => answerOf(site, "ledger", read(site))));
  const books = asked.flatMap(({ said }) => said ?? []);
  const unanswered = asked.flatMap((each) => each.unanswered);
  if (books.length === 0) throw noLedger(sites, { why: unanswered[0]?.why, exitCode: 2 });
  const running = await runningOf(access, books);
  return { books, running, questions: await questionsOf(access, books, running), unanswered };
}

/** Open ones only; what cannot be read is not shown. */
async function questionsOf(
  { ledgers }: Access,
  books: readonly SiteBooks[],
  running: ReadonlySet<string>,
) {
  const found = await Promise.all(
    books.flatMap(({ region, locks }) =>
      [...locks].map(async ([instance, { by }]) => {
        if (!running.has(by)) return [];
        const key = keys.approval(instance, folderOf(by, undefined));
        const read = await ledgers(region)
          .read<Approval>(key)
          .catch(() => undefined);
        return read?.value.state === "open" ? [[instance, read.value] as const] : [];
      }),
    ),
  );
  return new Map(found.flat());
}

interface Answer<T> {
  readonly said?: T;
  readonly unanswered: readonly Unanswered[];
}

/** Never rejects. */
export async function answerOf<T>(
  region: string,
  what: Unanswered["what"],
  call: Promise<T>,
): Promise<Answer<T>> {
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
