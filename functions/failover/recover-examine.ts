import { keys } from "../ledger/contract.ts";
import type { Evidence, Fit, Said } from "./case.ts";
import { halt, notYet } from "./errors.ts";
import { isSeated, stillDown } from "./recover-admit.ts";
import type { AdoptedCase } from "./recover-case.ts";
import { lockBoth } from "./recover-lock.ts";
import { rolesNow } from "./roles-now.ts";
import type { Taken } from "./step.ts";
import { ask } from "./targets.ts";
import { instanceOf, type RecoverWorld } from "./world.ts";

/**
 * What was restored says what it holds, and the world is looked at again before anything of it is touched: a restore takes
 * hours, in which regions come back and others decide.
 */
export async function recoverExamine(
  world: RecoverWorld,
  adopted: AdoptedCase,
): Promise<Taken<Fit & AdoptedCase>> {
  const { request, before, id } = adopted;
  const instance = instanceOf(world, request.instance);
  const roles = await rolesNow(world, instance);
  await lockBoth(world, adopted, adopted.restored.roles);
  if (roles.epoch !== before.epoch && !isSeated(roles, before)) {
    halt("HaltEpoch", `${instance.id}: the roles are at epoch ${roles.epoch} by ${roles.by}`);
  }
  const remark = roles.epoch === before.epoch ? await stillDown(world, instance, request) : "";
  const [restored, primary] = await Promise.all([
    ask(world, instance, before.standby),
    ask(world, instance, before.primary),
  ]);
  if (!restored.answered) return refused(restored, before.standby.database);
  const { beat } = restored.reading;
  const evidence: Evidence = {
    at: world.clock.now().toISOString(),
    // What it holds ends where it was when nothing of it had been changed.
    standby: { answered: true, reading: { ...restored.reading, horizon: adopted.horizon } },
    primary,
  };
  await world.ledgers(world.region).create(keys.failover(instance.id, id, "evidence"), evidence);
  return {
    next: {
      ...adopted,
      evidence,
      backupRetentionDays: 0,
      ...(beat && { standbyBeat: beat.at }),
    },
    detail: `${before.standby.database} lets the SLA in; its newest heartbeat is ${beat?.at ?? "none"}${remark}`,
  };
}

function refused({ kind, message }: Extract<Said, { answered: false }>, database: string): never {
  const said = `${database}: ${message}`;
  return kind === "refused" ? halt("HaltCredentials", said) : notYet(said);
}
