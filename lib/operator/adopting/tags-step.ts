import type { Tags } from "../../sla/backups/catalogue.ts";
import { KEPT_TAGS, STANDBY_TAGS } from "../../sla/database-tags.ts";
import { firstRoles, type Roles, type Seat } from "../../sla/roles.ts";
import type { DatabaseLook } from "./ports.ts";
import { type Case, done, type Step, wanting } from "./step.ts";

/** What a database is to say of itself, and does not yet. */
interface Untagged {
  readonly region: string;
  readonly look: DatabaseLook;
  readonly keys: readonly string[];
}

/**
 * Databases of an instance say that they are kept, wherever its roles have led by now: permissions of a large fleet go by it, and no standby
 * is deleted without. One that stands by and was made by hand gets the word that it may be, as any that is made here.
 */
export const tagsStep: Step = {
  name: "tags",
  async look(on) {
    const roles = await rolesOf(on);
    if (roles.leftAt !== undefined) return done("it has left");
    const open = (await tagged(on, roles)).filter(({ keys }) => keys.length > 0);
    if (open.length === 0) return done("its databases say that they are kept");
    const words = open.map(({ look, keys }) => `${look.id}: ${keys.join(", ")}`).join("; ");
    return wanting(`tag ${words}`, async () => {
      for (const { region, look, keys } of open) {
        for (const key of keys) await on.world.databases.note(region, look.arn, key, "true");
      }
    });
  },
};

/** Whatever is left of it when all else was taken back. */
export const noTagsStep: Step = {
  name: "tags",
  async look(on) {
    const seats = seatsOf(await rolesOf(on));
    const found = await Promise.all(seats.map((seat) => lookAt(on, seat)));
    const open = found.flatMap((each) => {
      const keys = Object.keys(STANDBY_TAGS).filter((key) => each?.look.tags[key] !== undefined);
      return each && keys.length > 0 ? [{ ...each, keys }] : [];
    });
    if (open.length === 0) return done("none are left");
    return wanting(`take our tags off ${open.map(({ look }) => look.id).join(", ")}`, async () => {
      for (const { region, look, keys } of open) {
        for (const key of keys) await on.world.databases.note(region, look.arn, key, undefined);
      }
    });
  },
};

/** Before the first deployment it lives where the fleet says. */
const rolesOf = async ({ fleet, instance, world }: Case): Promise<Roles> =>
  (await world.care.roles(instance.id)) ?? firstRoles(fleet, instance, "");

const seatsOf = ({ primary, standby, dropped, former = [] }: Roles): readonly Seat[] => [
  ...[primary, ...former],
  ...(standby ? [standby] : []),
  ...(dropped ? [dropped] : []),
];

async function lookAt({ world }: Case, seat: Seat) {
  const look = await world.databases.look(seat);
  return look && { region: seat.region, look };
}

async function tagged(on: Case, roles: Roles): Promise<readonly Untagged[]> {
  const { primary, standby, dropped } = roles;
  const standing = [standby, dropped].flatMap((seat) => seat ?? []);
  const source = await lookAt(on, primary);
  const found = await Promise.all(
    seatsOf(roles).map(async (seat) => ({ seat, found: await lookAt(on, seat) })),
  );
  return found.flatMap(({ seat, found }) => {
    if (!found || found.look.status === "deleting") return [];
    if (!standing.includes(seat)) return [lacking(found, KEPT_TAGS)];
    // What has its name and follows somebody else is for a person, not for us.
    const follows = source !== undefined && found.look.replicaOf === source.look.arn;
    return follows ? [lacking(found, STANDBY_TAGS)] : [];
  });
}

const lacking = (found: Omit<Untagged, "keys">, wanted: Tags): Untagged => ({
  ...found,
  keys: Object.entries(wanted).flatMap(([key, value]) =>
    found.look.tags[key] === value ? [] : [key],
  ),
});
