import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import type { Admitted } from "./case.ts";
import type { Here } from "./world.ts";

/** `promote.json`: written before asking, because the answer may be lost. */
export interface PromoteIntent {
  readonly state: "asked" | "refused";
  readonly at: string;
  /** Of a cluster of one region: who wrote when it was asked. */
  readonly writer?: string;
  /** Who was asked for by name. */
  readonly member?: string;
}

const key = ({ request, id }: Admitted) => keys.failover(request.instance, id, "promote");

export const intentOf = async ({ ledgers, region }: Here, current: Admitted) =>
  (await ledgers(region).read<PromoteIntent>(key(current)))?.value;

/** Asked and refused is not asked: who promoted it then was somebody else. */
export const wasAsked = async (here: Here, current: Admitted): Promise<boolean> =>
  (await intentOf(here, current))?.state === "asked";

export const note = (
  here: Here,
  current: Admitted,
  intent: Omit<PromoteIntent, "at">,
): Promise<PromoteIntent | undefined> =>
  rewrite<PromoteIntent>(here.ledgers(here.region), key(current), (known) =>
    known?.state === intent.state ? undefined : { ...intent, at: here.clock.now().toISOString() },
  );
