import { amend } from "../../functions/failover/debt-copies.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { rewrite } from "../../functions/ledger/written.ts";
import { UserError } from "../cli/user-error.ts";
import type { Access } from "./access.ts";
import type { RetirePlan } from "./retire-plan.ts";
import type { Retirement } from "./retirement.ts";

/** Plan seconds between two looks; a final snapshot takes minutes to hours. */
const LOOK_SECONDS = 10;
const LOOK_FLOOR_MS = 200;
/** Of a status that refuses: it passes. */
const PATIENCE = 360;

/** What stays of it in the ledgers. */
interface Retired {
  readonly instance: string;
  readonly database: string;
  readonly region: string;
  readonly reason: string;
  readonly snapshot?: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Deletes an old primary but for a final snapshot, and ends whatever looks after it. May be repeated: what is gone is
 * gone. Throws UserError if RDS goes on refusing, or leaves no snapshot.
 */
export async function retire(
  access: Access,
  retirement: Retirement,
  plan: RetirePlan,
  tell: (line: string) => void,
): Promise<void> {
  const { seat, state } = plan;
  if (state && state.status !== "deleting") {
    await note(access, plan);
    await accepted(access, seat.database, () => retirement.unprotect(seat));
    tell(`${seat.database}: protection off`);
    await accepted(access, seat.database, () => retirement.remove(seat, plan.snapshot));
    tell(`${seat.database}: deletion asked, final snapshot ${plan.snapshot} in ${seat.region}`);
  }
  await gone(access, plan);
  if (state && state.status !== "deleting") await proveSnapshot(retirement, plan);
  await endDebts(access, plan);
  tell(`${seat.database} in ${seat.region} is retired; nobody looks after its fence any more`);
}

/** In every ledger, before anything is deleted. */
async function note({ ledgers, fleet, clock }: Access, plan: RetirePlan): Promise<void> {
  const { instance, seat, reason, snapshot } = plan;
  const at = clock.now().toISOString();
  const { region, database } = seat;
  const retired: Retired = { instance, database, region, reason, snapshot, at };
  await Promise.all(
    Object.keys(fleet.sites).map((site) =>
      rewrite<Retired>(ledgers(site), keys.retired(instance, database), () => retired),
    ),
  );
}

async function accepted(
  { clock }: Access,
  database: string,
  ask: () => Promise<"accepted" | "wrong-state" | "gone">,
): Promise<void> {
  for (let attempt = 0; attempt < PATIENCE; attempt += 1) {
    if ((await ask()) !== "wrong-state") return;
    await clock.wait(LOOK_SECONDS, LOOK_FLOOR_MS);
  }
  throw new UserError(`${database}: its status refuses; look at aws rds describe-events`, 1);
}

async function gone({ registry, clock }: Access, { seat }: RetirePlan): Promise<void> {
  while (await registry.describe(seat)) await clock.wait(LOOK_SECONDS, LOOK_FLOOR_MS);
}

async function proveSnapshot(retirement: Retirement, { seat, snapshot }: RetirePlan) {
  const status = await retirement.snapshot(seat.region, snapshot);
  if (status === "available") return;
  throw new UserError(
    `${seat.database} is deleted, and its final snapshot ${snapshot} is ${status ?? "missing"}: its automated backups are kept`,
    1,
  );
}

async function endDebts({ fleet, ledgers, clock }: Access, { debts, seat }: RetirePlan) {
  const here = { fleet, ledgers, clock, region: fleet.control };
  const found = `retired: ${seat.database} is deleted`;
  for (const debt of debts) {
    await amend(here, debt, (known) =>
      known.state === "retired" ? undefined : { ...known, state: "retired", found },
    );
  }
}
