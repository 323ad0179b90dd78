import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Content, SqlFailure } from "../sql/contract.ts";
import type { Available, Examined } from "./case.ts";
import { RESTORE_SECRET } from "./contract.ts";
import { fail, notYet } from "./errors.ts";
import { instanceOf, type RestoreWorld } from "./world.ts";

/** One answer of `sla-content`, as the ledger keeps it. */
export interface Part extends Content {
  readonly at: string;
}

/** Class 28 of SQLSTATE, 1045 of MariaDB and MySQL: the new password is not in force yet. 57P03: the server is starting. */
const PASSING = /^(28|57P03|1045$)/;

/**
 * Goes through the database part by part; what was found lies in the ledger, so that a repeat goes on behind it, and no table is too
 * large for the time of a function.
 */
export async function examine(world: RestoreWorld, found: Available): Promise<Examined> {
  const { clock } = world;
  const parts = await partsOf(world, found);
  const last = parts.at(-1);
  if (last && !last.next) return examined(found, parts);
  const { engine } = instanceOf(world, found.request.instance).database;
  const answer = await world.reader.ask({
    target: {
      instance: found.request.instance,
      ...found.endpoint,
      database: found.databaseName,
      secret: RESTORE_SECRET,
      username: found.masterUsername,
      ...(engine !== undefined && { engine }),
    },
    ...(last?.next && { from: last.next }),
    ...(hasTimeToSum(world, parts) && { sums: true }),
  });
  if (!answer.ok) {
    const { code = "", message } = answer.failure;
    if (isPassing(answer.failure)) return notYet(clock, found, `${found.database}: ${message}`);
    return fail("ContentRefused", `${found.database}: ${code} ${message}`);
  }
  const part: Part = { ...answer.value, at: clock.now().toISOString() };
  await world
    .ledgers(world.region)
    .create(keyOf(found.request.instance, found.name, parts.length + 1), part);
  if (part.next)
    return notYet(clock, found, `${found.database}: read as far as ${part.next.table}`);
  return examined(found, [...parts, part]);
}

/** Plan seconds: of a database that takes longer to read no more rows are summed up, so that its test does not end for that. */
const SUMMING_SECONDS = 2 * 3600;

function hasTimeToSum({ clock }: RestoreWorld, [first]: readonly Part[]): boolean {
  return (
    !first || clock.now().getTime() - Date.parse(first.at) < clock.paced(SUMMING_SECONDS, 60_000)
  );
}

export const partsOf = ({ ledgers, region }: RestoreWorld, { request, name }: Available) =>
  partsIn(ledgers(region), request.instance, name);

/** What a test has read so far. */
export async function partsIn(
  ledger: Pick<Ledger, "read">,
  instance: string,
  test: string,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (;;) {
    const entry = await ledger.read<Part>(keyOf(instance, test, parts.length + 1));
    if (!entry) return parts;
    parts.push(entry.value);
  }
}

const keyOf = (instance: string, test: string, part: number) =>
  keys.restore(instance, test, `content-${part}`);

const isPassing = ({ kind, code = "" }: SqlFailure) => kind !== "refused" || PASSING.test(code);

const examined = (found: Available, parts: readonly Part[]): Examined => ({
  ...found,
  readableAt: parts[0]?.head?.at ?? "",
  examinedAt: parts.at(-1)?.at ?? "",
});
