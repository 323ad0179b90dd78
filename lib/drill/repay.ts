import { keys } from "../../functions/ledger/contract.ts";
import { firstRoles } from "../sla/roles.ts";
import type { DrillRun } from "./drill.ts";
import { eventually } from "./eventually.ts";
import type { TimelineEntry } from "./result.ts";
import { station } from "./timeline.ts";
import { ledgerOf, namesOf } from "./witness.ts";

/** What became of records that a STOP flag stood in for. */
export interface Repayment {
  /** When the API answered again, milliseconds since 1970. */
  readonly from: number;
  readonly paid: boolean;
  /** Answers of the name servers meanwhile: how many, and those that did not lead to the new primary. */
  readonly answers: number;
  readonly astray: readonly string[];
}

interface Owed {
  readonly state: string;
}

/** Written, in sync, out of caches, lowered, healthy: some five rounds of a minute, here of a second at best. */
const PATIENCE_MS = 60_000;
const SAMPLE_MS = 20;
/** Lowering the flag is what could lead clients back: the check sees it after some looks. */
const AFTERMATH_MS = 3000;

/**
 * Gives the API of Route 53 back and looks on, asking DNS all the time, until the records are written and the flag
 * is lowered; undefined if no records are owed.
 */
export async function repayment(
  { stage, victim, without = [] }: DrillRun,
  tell: (entry: TimelineEntry) => void,
): Promise<Repayment | undefined> {
  const absence = without.find(({ kind }) => kind === "route53");
  if (!absence) return undefined;
  const { owner } = firstRoles(stage.fleet, victim, "");
  const debt = () => ledgerOf(stage, owner).read<Owed>(keys.debt(victim.id, "records"));
  if ((await debt())?.state !== "owed") return undefined;
  const names = watchNames(() => namesOf(stage, victim));
  const from = Date.now();
  tell(station(from, "cloud", "the API of route53 answers again"));
  absence.end(stage.cloud);
  const mailLeaves = without.every(({ kind }) => kind !== "sns");
  const paid = await eventually("the records that are owed", PATIENCE_MS, async () => {
    const isPaid = (await debt())?.state === "paid";
    const isTold = !mailLeaves || toldOf(stage.cloud.ground.log.all(), from);
    return isPaid && isTold ? true : undefined;
  }).catch(() => false);
  await new Promise((done) => setTimeout(done, AFTERMATH_MS));
  const seen = await names.stop();
  tell(station(Date.now(), "dns", `${seen.answers} answers while the records were written`));
  return { from, paid, ...seen };
}

const toldOf = (
  events: ReturnType<DrillRun["stage"]["cloud"]["ground"]["log"]["all"]>,
  from: number,
) =>
  events.some(
    ({ at, operation, detail }) =>
      at >= from &&
      operation === "EmailDelivered" &&
      /records written/i.test(String(detail["subject"])),
  );

/** Asks until it is stopped; every answer has to be the first one. */
function watchNames(ask: () => Promise<string>) {
  let watching = true;
  const seen = { answers: 0, astray: new Set<string>() };
  const looking = (async () => {
    const first = await ask();
    while (watching) {
      const answer = await ask().catch((cause: unknown) => String(cause));
      seen.answers += 1;
      if (answer !== first) seen.astray.add(answer);
      await new Promise((done) => setTimeout(done, SAMPLE_MS));
    }
  })();
  return {
    async stop() {
      watching = false;
      await looking;
      return { answers: seen.answers, astray: [...seen.astray] };
    },
  };
}
