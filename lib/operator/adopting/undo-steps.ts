import { newestFirst, stopReference } from "../../../functions/flag/contract.ts";
import { flagIdOf, stopFlags } from "../../sla/cells.ts";
import type { Roles } from "../../sla/roles.ts";
import { CLIENTS } from "./client-words.ts";
import { masterOf, refuse, targetOf } from "./login-step.ts";
import { bare, type Way, wantedOf, waysOf } from "./name-words.ts";
import { noGroupsStep } from "./no-groups-step.ts";
import type { Spot } from "./ports.ts";
import { MADE_NOTE, taken } from "./standby-step.ts";
import { type Case, done, type Found, type Step, stuck, waiting, wanting } from "./step.ts";
import { noTagsStep } from "./tags-step.ts";
import { namesIn, secondsBefore, TTL_NOTE, ttlNoteOf } from "./ttl-step.ts";

const GONE_WITHIN_SECONDS = 7200;

/** What adopting made is taken back in the opposite order; what was there before stays. */
export const undoSteps = (): readonly Step[] => [
  leftStep,
  simpleNamesStep,
  noChecksStep,
  noStandbyStep,
  noRoleStep,
  noSecretStep,
  noTagsStep,
  noGroupsStep,
  noNotesStep,
];

/** As they are now, not as the fleet began: whoever took over serves. */
async function seatsOf({ instance, world }: Case): Promise<{
  readonly primary: Spot;
  readonly standby?: Spot;
}> {
  const roles: Pick<Roles, "primary" | "standby"> | undefined = await world.care.roles(instance.id);
  if (roles) return roles;
  const { home, standby, database } = instance;
  return {
    primary: { region: home, database: database.primary },
    ...(standby !== undefined &&
      database.standby !== undefined && {
        standby: { region: standby, database: database.standby },
      }),
  };
}

/** Functions that look after it would take each of the steps below for a fault. */
const leftStep: Step = {
  name: "left",
  async look({ instance: { id }, world }) {
    const roles = await world.care.roles(id);
    if (!roles || roles.leftAt !== undefined) return done("nobody looks after it");
    return stuck({
      says: `${id} is looked after, and what follows would be taken for a fault`,
      mend: `npx sla leave ${id} --reason '…' --yes`,
    });
  },
};

/** Back to simple records that lead where the pairs lead now, kept by resolvers for as long as before. */
const simpleNamesStep: Step = {
  name: "names",
  async look(on) {
    const { instance, world } = on;
    const { dns } = instance;
    const { primary } = await seatsOf(on);
    const found = await world.databases.look(primary);
    if (!found?.endpoint) {
      return stuck({ says: `${primary.database} in ${primary.region} has no endpoint` });
    }
    const note = await noteIn(on);
    const ttlOf = (name: string) => secondsBefore(note, instance, name) ?? dns.ttl;
    const records = await world.zones.records(dns.zone, namesIn(instance));
    const open = records.filter(
      ({ name, routing, ttl }) =>
        routing === "failover" || (routing === "simple" && ttl === dns.ttl && ttlOf(name) !== ttl),
    );
    if (open.length === 0) return done("simple records");
    const ways = waysNow(on, primary, found.endpoint).filter(({ name }) =>
      open.some((record) => bare(record.name) === bare(name)),
    );
    return wanting(`lead ${ways.map(({ name }) => name).join(", ")} by simple records`, () =>
      world.zones.replace(
        dns.zone,
        open,
        ways.flatMap((way) => wantedOf(way, ttlOf(way.name))),
      ),
    );
  },
};

function waysNow({ instance }: Case, { region }: Spot, endpoint: string): readonly Way[] {
  const home = region === instance.home ? instance.app?.home : instance.app?.standby;
  const { app: _both, ...rest } = instance;
  return waysOf({ ...rest, ...(home !== undefined && { app: { home } }) }, { primary: endpoint });
}

async function noteIn({ instance, world }: Case) {
  const { home, database } = instance;
  const primary = await world.databases.look({ region: home, database: database.primary });
  return primary && ttlNoteOf(primary);
}

/** Those of its own flags; a cell's go with its last member. */
const noChecksStep: Step = {
  name: "STOP",
  async look({ instance, fleet, world }) {
    const ours = stopFlags(fleet).filter(
      ({ id, direction, members }) =>
        members.every((member) => member === instance.id) && id === flagIdOf(instance, direction),
    );
    const all = await world.stops.checks();
    const checks = ours.flatMap(({ id, site }) => newestFirst(all, stopReference(id, site)));
    if (checks.length === 0) return done("no checks of its own");
    return wanting(`delete the health checks ${checks.join(", ")}`, async () => {
      for (const check of checks) await world.stops.remove(check);
    });
  },
};

/** Only what was made here, is a replica and follows the primary of now. */
const noStandbyStep: Step = {
  name: "standby",
  async look(on) {
    const { instance, world } = on;
    const { primary, standby } = await seatsOf(on);
    if (!standby) return done("nobody stands by");
    const [there, source] = await Promise.all([
      world.databases.look(standby),
      world.databases.look(primary),
    ]);
    const where = `${standby.database} in ${standby.region}`;
    if (!there) return done(`${where} is not there`);
    if (there.tags[MADE_NOTE] !== instance.id) return done(`${where} was there before, and stays`);
    if (there.status === "deleting") return waiting(`${where} is deleting`, GONE_WITHIN_SECONDS);
    if (there.replicaOf === undefined || there.replicaOf !== source?.arn) {
      return stuck({
        says: `${where} is no replica of ${primary.database}: what it holds may be nowhere else. Delete it by hand, if at all`,
      });
    }
    const { databases } = world;
    if (there.status !== "available") {
      return waiting(`${where} is ${there.status}`, GONE_WITHIN_SECONDS);
    }
    if (there.deletionProtection) {
      return wanting(`take the protection off ${where}`, async () =>
        taken(await databases.unprotect(standby)),
      );
    }
    return wanting(`delete the replica ${where}`, async () =>
      taken(await databases.remove(standby)),
    );
  },
};

/** Without a master's password its role stays, and the command that takes it away is said. */
const noRoleStep: Step = {
  name: "role",
  async look(on): Promise<Found> {
    const { instance, world } = on;
    const { primary } = await seatsOf(on);
    const [found, login] = await Promise.all([
      world.databases.look(primary),
      world.secrets.read(instance.home, instance.database.secret),
    ]);
    const target = found && targetOf(on, found);
    if (!found || !target || !login) return done("nothing is known of one");
    const look = await world.server.look(target, login);
    if (look.is === "refused") return done(`${login.username} opens nothing`);
    const master = masterOf(on, found);
    if (!master || look.is === "unreached") {
      return done("the role stays", [
        {
          says: `who may make roles takes ${login.username} away, in the database ${instance.database.name}`,
          mend: CLIENTS[target.engine].forget(login.username),
        },
      ]);
    }
    return wanting(`drop the role ${login.username}, its tables and rights`, async () => {
      refuse(on, target, master, await world.server.forget(target, master, login.username));
    });
  },
};

const noSecretStep: Step = {
  name: "secret",
  async look({ instance, world }) {
    const { home, database } = instance;
    const { secret: name } = database;
    const found = await world.secrets.look(home, name);
    if (!found || found.deletedAt !== undefined) return done(`${name} is gone`);
    if (found.madeFor !== instance.id) return done(`${name} was there before, and stays`);
    return wanting(`delete ${name}; for thirty days it can be restored`, () =>
      world.secrets.remove(home, name, Object.keys(found.replicas)),
    );
  },
};

const noNotesStep: Step = {
  name: "notes",
  async look({ instance, world }) {
    const { home, database } = instance;
    const primary = await world.databases.look({ region: home, database: database.primary });
    if (primary?.tags[TTL_NOTE] === undefined) return done("none are left");
    return wanting(`take the tag ${TTL_NOTE} off ${primary.id}`, () =>
      world.databases.note(home, primary.arn, TTL_NOTE, undefined),
    );
  },
};
