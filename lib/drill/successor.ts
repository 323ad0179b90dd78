import { keys } from "../../functions/ledger/contract.ts";
import { RECOVER_MACHINE } from "../../functions/recover/contract.ts";
import { firstRoles } from "../sla/roles.ts";
import type { Happening } from "./drill.ts";
import { sitesInReach } from "./reach.ts";
import { ledgerOf } from "./witness.ts";

/** The database that is to serve after the fault. */
interface Successor {
  readonly region: string;
  readonly database: string;
}

/** What a person had restored, else the standby; undefined: there is none. */
export function successorOf({ run, byHand }: Happening): Successor | undefined {
  if (byHand) {
    const { begun } = byHand;
    return begun && { region: begun.region, database: begun.takes.database };
  }
  const { standby, database } = run.victim;
  if (standby === undefined || database.standby === undefined) return undefined;
  return { region: standby, database: database.standby };
}

/** Its address; undefined as long as it has none. */
export function addressOf(happening: Happening): string | undefined {
  const successor = successorOf(happening);
  if (!successor) return undefined;
  try {
    const { rds } = happening.run.stage.cloud.services;
    return rds.server(successor.region, successor.database).address;
  } catch {
    return undefined;
  }
}

/** When it became the only one that may take writes, in milliseconds since 1970. */
export function takeoverOf(happening: Happening): number | undefined {
  const { events, faultAt, run, byHand } = happening;
  const { standby } = run.victim.database;
  return events.find(({ at, service, operation, detail }) => {
    if (at < faultAt) return false;
    // Behind the fence: what the old primary acknowledged until then, whoever restored it knew of.
    if (byHand) {
      const isGate = operation === "StateEntered" && detail["state"] === "Gate";
      return isGate && detail["machine"] === RECOVER_MACHINE;
    }
    const isChange = service === "rds" && operation === "StatusChanged";
    return isChange && detail["instance"] === standby && detail["to"] === "rebooting";
  })?.at;
}

/** The part of a record that is read here. */
interface Recorded {
  readonly fence?: { readonly kind?: string };
  /** ISO 8601: the first good page. */
  readonly goodAt?: string;
}

/** What the machine wrote down when it was done; undefined: nothing, or it was never begun. */
export async function recordOf(happening: Happening): Promise<Recorded | undefined> {
  const { run, byHand } = happening;
  const { id } = run.victim;
  const region = successorOf(happening)?.region;
  if (region === undefined) return undefined;
  const ledger = ledgerOf(run.stage, region);
  const done = keys.failover(id, byHand?.begun?.name ?? "", "record");
  const key = byHand
    ? done
    : (await ledger.keys(`failovers/${id}/`)).find((each) => each.endsWith("/record.json"));
  return key === undefined ? undefined : ledger.read<Recorded>(key);
}

/** The site whose ledger says what was seen of the victim, and why nothing goes on. */
export function bookkeeperOf({ run, byHand }: Happening): string {
  const { stage, victim } = run;
  const { owner } = firstRoles(stage.fleet, victim, "");
  if (byHand?.begun) return byHand.begun.region;
  return sitesInReach(stage).includes(owner) ? owner : stage.fleet.control;
}
