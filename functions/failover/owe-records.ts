import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import type { Seated } from "./case.ts";
import { type Debt, owe, type RecordsDebt } from "./debt.ts";
import type { FlipWorld } from "./world.ts";

export type OwedRecords = Pick<RecordsDebt, "instance" | "epoch" | "because" | "since" | "flag">;

/** In this site, where the flag is, for certain; in control as well, which pays if this site is lost. */
export async function oweRecords(
  { ledgers, region, fleet }: FlipWorld,
  { request, execution }: Seated,
  owed: readonly OwedRecords[],
): Promise<void> {
  for (const each of owed) {
    const debt: RecordsDebt = {
      ...each,
      state: "owed",
      kind: "records",
      incident: request.incident,
      region: "us-east-1",
      execution,
    };
    await owe([ledgers(region)], debt);
    await owe([ledgers(fleet.control)], debt).catch(passOver);
  }
}

/** A ledger elsewhere keeps no flag down, whatever it answers: whoever pays tells it. */
const passOver = ({ message }: Error) =>
  console.warn(JSON.stringify({ level: "warn", code: "DebtNotTold", message }));

/** The failover has written its records itself after all, and no flag stands in for them. */
export async function recordsNotOwed(
  { ledgers, region, fleet }: FlipWorld,
  { request, execution }: Seated,
): Promise<void> {
  const key = keys.debt(request.instance, "records");
  const end = (site: string) =>
    rewrite<Debt>(ledgers(site), key, (known) =>
      known?.kind === "records" &&
      known.state === "owed" &&
      known.execution === execution &&
      known.flag === "none"
        ? { ...known, state: "cancelled", found: "the failover has written the records" }
        : undefined,
    );
  await end(region);
  await end(fleet.control).catch(passOver);
}
