import { parameterGroupOf } from "../../lib/sla/fleet.ts";
import type { Asked, Available, Picked } from "./case.ts";
import { ORPHAN_SECONDS, SUBNET_GROUP, TEST_TAGS } from "./contract.ts";
import { fail, notYet } from "./errors.ts";
import { instanceOf, type RestoreWorld } from "./world.ts";

/** Into the quarantine of this site, where nothing but our functions reaches it. */
export async function restore(world: RestoreWorld, picked: Picked): Promise<Asked> {
  const { restores, fleet, region, clock } = world;
  const { database, request, name } = picked;
  const now = clock.now();
  const there = await restores.describe(database);
  if (there?.tags[TEST_TAGS.test] === name) return { ...picked, askedAt: now.toISOString() };
  if (there) return fail("RestoreRefused", `${database} is there already, of another test`);
  const site = fleet.sites[region];
  if (!site) return fail("RestoreRefused", `${region}: the fleet names no network there`);
  const { engine } = instanceOf(world, request.instance).database;
  const parameterGroup = parameterGroupOf(site, engine);
  if (parameterGroup === undefined) {
    return fail("RestoreRefused", `${region}: the fleet names no parameter group of ${engine}`);
  }
  const until = new Date(now.getTime() + clock.paced(ORPHAN_SECONDS, 120_000)).toISOString();
  const answer = await restores.restore({
    ...{ database, backup: request.backup, subnetGroup: SUBNET_GROUP },
    groups: [site.quarantineGroup],
    parameterGroup,
    tags: { [TEST_TAGS.test]: name, [TEST_TAGS.until]: until },
  });
  if (typeof answer === "object") return fail("RestoreRefused", answer.refused);
  if (answer === "wrong-state") {
    return notYet(clock, picked, `${request.backup} cannot be restored in its status`);
  }
  return { ...picked, askedAt: now.toISOString() };
}

/** From all others it goes on by itself. */
const BROKEN =
  /^(failed|restore-error|insufficient-capacity|incompatible-.*|inaccessible-.*|storage-full|deleting)$/;
/** RDS fills the volume of a restored database for hours; meanwhile it is slow and answers. */
const USABLE = /^(available|storage-initialization|storage-optimization)$/;

export async function available(world: RestoreWorld, asked: Asked): Promise<Available> {
  const { restores, clock } = world;
  const { database } = asked;
  const found = await restores.describe(database);
  if (!found) return notYet(clock, asked, `${database} is not there yet`);
  if (BROKEN.test(found.status)) {
    return fail("RestoreBroken", `${database} is ${found.status}`);
  }
  const { status, endpoint, masterUsername } = found;
  if (!USABLE.test(status) || !endpoint || masterUsername === undefined) {
    return notYet(clock, asked, `${database} is ${status}`);
  }
  return { ...asked, endpoint, masterUsername };
}

/** A backup holds the passwords of its day, which nobody may know any more. */
export async function open(world: RestoreWorld, found: Available): Promise<Available> {
  const { restores, clock } = world;
  const answer = await restores.open(found.database);
  if (answer === "gone") return fail("RestoreBroken", `${found.database} is gone`);
  if (answer === "wrong-state") {
    return notYet(clock, found, `${found.database} takes no password in its status`);
  }
  return found;
}
