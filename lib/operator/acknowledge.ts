import { keys } from "../../functions/ledger/contract.ts";
import type { Ack, Call } from "../../functions/oncall/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Access } from "./access.ts";
import { callsIn } from "./calls.ts";
import { writeEverywhere } from "./everywhere.ts";
import { noLedger, reasonIn } from "./no-ledger.ts";

export interface Acknowledged {
  readonly record: Ack;
  readonly call: Call;
  /** Sites whose ledger does not know of it. */
  readonly untold: readonly string[];
}

/**
 * Says in every ledger that somebody takes care; the first who says so stands. Throws UserError where nobody is called for it, where
 * several instances had one of that name, where it is taken or over, and if nobody says who says so.
 *
 * @param wish `by`: in place of the credentials' name, for who works on somebody else's behalf
 */
export async function acknowledge(
  access: Access,
  wish: {
    readonly id: string;
    readonly instance?: string;
    readonly reason: string;
    readonly by?: string;
  },
): Promise<Acknowledged> {
  const known = await knownIn(access, wish);
  const call = oneOf(known, wish.id);
  const ack = known.map((each) => each.ack).find((each) => each !== undefined);
  if (ack) {
    throw new UserError(
      `${ack.instance}: ${ack.by} has acknowledged it at ${ack.at}: ${ack.reason}`,
    );
  }
  if (known.every((each) => each.call.over)) {
    throw new UserError(`${call.instance}: ${wish.id} is over: nobody is called for it any more`);
  }
  const { caller, clock } = access;
  const by = wish.by === undefined ? caller : `${wish.by} (${caller})`;
  const at = clock.now().toISOString();
  const record: Ack = { instance: call.instance, id: call.id, by, at, reason: wish.reason };
  const untold = await writeEverywhere(access, keys.ack(call.instance, call.id), record);
  return { record, call, untold };
}

/** Of every ledger that answers. */
async function knownIn(
  { fleet, ledgers }: Access,
  { id, instance }: { readonly id: string; readonly instance?: string },
) {
  const sites = Object.keys(fleet.sites);
  const asked = await Promise.allSettled(sites.map((site) => callsIn(ledgers(site))));
  const answers = asked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  if (answers.length === 0) {
    throw noLedger(sites, { why: reasonIn(asked), so: "nothing is recorded" });
  }
  const known = answers
    .flat()
    .filter(({ call }) => call.id === id && (instance === undefined || call.instance === instance));
  if (known.length > 0) return known;
  const open = answers.flat().filter(({ call, ack }) => !call.over && !ack);
  const names = open.map(({ call }) => `${call.id} of ${call.instance}`).join(", ");
  throw new UserError(
    `nobody is called for '${id}'${instance === undefined ? "" : ` of ${instance}`}; ${names === "" ? "no call is open" : `open: ${names}`}`,
  );
}

function oneOf(known: readonly { readonly call: Call }[], id: string): Call {
  const names = [...new Set(known.map(({ call }) => call.instance))];
  const [first] = known;
  if (first && names.length === 1) return first.call;
  throw new UserError(`${id}: ${names.join(", ")} had one of that name: say which by --instance`);
}
