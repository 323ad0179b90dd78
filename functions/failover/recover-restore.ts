import { KEPT_TAGS } from "../../lib/sla/database-tags.ts";
import { traitsOf } from "../../lib/sla/engine.ts";
import { parameterGroupOf } from "../../lib/sla/fleet.ts";
import { keys } from "../ledger/contract.ts";
import { RECOVERY_TAG } from "../recover/contract.ts";
import { RESTORE_SECRET, SUBNET_GROUP } from "../restore/contract.ts";
import type { Adopted } from "../sql/contract.ts";
import { halt, notYet } from "./errors.ts";
import { awaited, type Sight } from "./poll.ts";
import type { RestoredDatabase } from "./ports.ts";
import type { AdoptedCase, Opened, RecoverAdmitted } from "./recover-case.ts";
import type { Taken } from "./step.ts";
import { instanceOf, type RecoverWorld } from "./world.ts";

/** On from the beginning: turning backups on later would be an outage. */
const BACKUP_DAYS = 7;

/** Asks for the database, unless it is there: its name is the same at every attempt. */
export async function recoverRestore(
  world: RecoverWorld,
  admitted: RecoverAdmitted,
): Promise<Taken<RecoverAdmitted>> {
  const { recoveries, fleet, region } = world;
  const { id, before, request, restored } = admitted;
  const { database } = before.standby;
  const there = await recoveries.describe(database);
  if (there) {
    refuseAnothers(there, database, id, request.instance);
    return { next: admitted, detail: `${database} is ${there.status}` };
  }
  const site = fleet.sites[region];
  if (!site) return halt("HaltSiteUnknown", `${region}: the fleet names no network there`);
  const instance = instanceOf(world, request.instance);
  const { engine } = instance.database;
  const parameterGroup = parameterGroupOf(site, engine);
  if (parameterGroup === undefined) {
    const lacking = `${region}: the fleet names no parameter group of ${traitsOf(engine).title} there`;
    return halt("HaltSiteUnknown", lacking);
  }
  const plan = fleet.plans[instance.plan];
  const answer = await recoveries.restore({
    ...{ database, point: restored.point, subnetGroup: SUBNET_GROUP },
    groups: [site.securityGroup],
    parameterGroup,
    multiAz: plan?.multiAz.required ?? false,
    backupRetentionDays: BACKUP_DAYS,
    tags: { ...KEPT_TAGS, [RECOVERY_TAG]: id },
  });
  if (typeof answer === "object") {
    return halt("HaltRestoreRefused", `${database} in ${region}: ${answer.refused}`);
  }
  if (answer === "wrong-state")
    return notYet(`${database} cannot be restored in its source's status`);
  return { next: admitted, detail: `${database} asked for in ${region}` };
}

function refuseAnothers(
  { tags }: RestoredDatabase,
  database: string,
  id: string,
  instance: string,
): void {
  const its = tags[RECOVERY_TAG];
  if (its === id) return;
  const whose = its === undefined ? "of nobody we know" : `of the recovery ${its}`;
  const fix =
    its === undefined
      ? "rename or delete it"
      : `go on with that (npx sla recover ${instance} --reason '…' --continue ${its}), or delete it`;
  halt("HaltRestoreRefused", `${database} is there already, ${whose}: ${fix}`);
}

/** From all others it goes on by itself. */
const BROKEN =
  /^(failed|restore-error|insufficient-capacity|incompatible-.*|inaccessible-.*|storage-full|deleting)$/;
/** RDS fills the volume of a restored database for hours and backs it up at once; meanwhile it serves. */
const USABLE = /^(available|backing-up|storage-initialization|storage-optimization)$/;

export async function recoverAvailable(
  { recoveries, clock, region }: RecoverWorld,
  admitted: RecoverAdmitted,
): Promise<Taken<Opened>> {
  const { database } = admitted.before.standby;
  let wasThere = false;
  const look = async (): Promise<Sight<Opened>> => {
    const found = await recoveries.describe(database);
    if (!found && wasThere) halt("HaltRestoreBroken", `${database} in ${region} has gone`);
    if (!found) return { missing: `${database} is not there yet` };
    wasThere = true;
    const { status, endpoint, masterUsername } = found;
    if (BROKEN.test(status)) halt("HaltRestoreBroken", `${database} in ${region} is ${status}`);
    if (!USABLE.test(status) || !endpoint || masterUsername === undefined) {
      return { missing: `${database} is ${status}` };
    }
    return {
      seen: { ...admitted, endpoint: endpoint.host, port: endpoint.port, masterUsername },
    };
  };
  const next = await awaited(clock, look);
  return { next, detail: `${database} answers at ${next.endpoint}` };
}

/** A backup holds the passwords of its day, which nobody may know any more. */
export async function recoverOpen(world: RecoverWorld, opened: Opened): Promise<Taken<Opened>> {
  const { database } = opened.before.standby;
  const answer = await world.recoveries.open(database);
  if (answer === "gone") return halt("HaltRestoreBroken", `${database} has gone`);
  if (answer === "wrong-state") return notYet(`${database} takes no password in its status`);
  return {
    next: opened,
    detail: `master ${opened.masterUsername} gets the password of secret ${RESTORE_SECRET}`,
  };
}

/** Class 28 of SQLSTATE, MariaDB's and MySQL's 1045: the new password is not in force yet. 57P03: the server is starting. */
const PASSING = /^(28|57P03|1045$)/;

/** The logins of the SLA and of the provider's applications, with the passwords of now. */
export async function recoverAdopt(
  world: RecoverWorld,
  opened: Opened,
): Promise<Taken<AdoptedCase>> {
  const { endpoint, port, masterUsername, id, request, before } = opened;
  const { database: sold } = instanceOf(world, request.instance);
  const ledger = world.ledgers(world.region);
  const key = keys.failover(request.instance, id, "adopt");
  const answer = await world.adopting.ask({
    target: {
      ...{ instance: request.instance, host: endpoint, port, database: sold.name },
      ...{ secret: RESTORE_SECRET, username: masterUsername },
      ...(sold.engine && { engine: sold.engine }),
    },
    secrets: [sold.secret, ...(sold.logins ?? [])],
  });
  if (!answer.ok) {
    const { kind, code = "", message } = answer.failure;
    const said = `${before.standby.database}: ${message}`;
    if (kind === "unreachable" || kind === "timed-out" || PASSING.test(code)) return notYet(said);
    return halt("HaltCredentials", said);
  }
  // A repeat comes behind changes of its own: what was read first is what the backup holds.
  const first = (await ledger.create(key, answer.value))
    ? answer.value
    : ((await ledger.read<Adopted>(key))?.value ?? answer.value);
  const { given, missing } = answer.value;
  const lacking = missing.length === 0 ? "" : `; the backup knows no login ${missing.join(", ")}`;
  return {
    next: { ...opened, horizon: first.horizon },
    detail: `${given.join(", ")} ${given.length === 1 ? "has its password" : "have their passwords"} of now${lacking}`,
  };
}
