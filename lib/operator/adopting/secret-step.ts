import type { Login, OurSecret } from "./ports.ts";
import { type Case, done, type Found, type Step, stuck, waiting, wanting } from "./step.ts";

const COPIED_WITHIN_SECONDS = 600;

/** Who our login is, the same in every site. Made before the role, so that no password is lost on the way. */
export const secretStep = (random: () => string): Step => ({
  name: "secret",
  async look(on) {
    const { instance, world } = on;
    const { home, database } = instance;
    const { secret: name } = database;
    const others = Object.keys(on.fleet.sites).filter((region) => region !== home);
    const found = await world.secrets.look(home, name);
    if (!found) {
      const login: Login = { username: OUR_ROLE, password: random() };
      const made = { instance: instance.id, login, replicas: others };
      return wanting(`make ${name} in ${home}, replicated to ${others.join(", ")}`, () =>
        world.secrets.make(home, name, made),
      );
    }
    if (found.deletedAt !== undefined) return deleted(home, name);
    const login = await world.secrets.read(home, name);
    return login?.username === OUR_ROLE ? copies(on, found, others) : unusable(home, name);
  },
});

/** The role that gets the rights; another would open the database and may do nothing there. */
const OUR_ROLE = "sla";

const unusable = (region: string, name: string): Found =>
  stuck({
    says: `${name} of ${region} does not hold {"username": "${OUR_ROLE}", "password": "…"}`,
    mend: `aws --region ${region} secretsmanager put-secret-value --secret-id ${name} --secret-string '{"username":"${OUR_ROLE}","password":"…"}'`,
  });

const deleted = (region: string, name: string): Found =>
  stuck({
    says: `${name} of ${region} waits for its deletion`,
    mend: `aws --region ${region} secretsmanager restore-secret --secret-id ${name}`,
  });

/** A copy, or a secret of that name of the site's own. */
async function copies(
  { instance, world }: Case,
  found: OurSecret,
  others: readonly string[],
): Promise<Found> {
  const { secret: name } = instance.database;
  const origin = found.follows ?? instance.home;
  const { replicas } = found.follows ? ((await world.secrets.look(origin, name)) ?? found) : found;
  const looks = await Promise.all(
    others.map(async (region) => ({ region, there: await world.secrets.look(region, name) })),
  );
  const [gone] = looks.filter(({ there }) => there?.deletedAt !== undefined);
  if (gone) return deleted(gone.region, name);
  const missing = looks
    .filter(({ region, there }) => !there && replicas[region] === undefined)
    .map(({ region }) => region);
  if (missing.length > 0) {
    return wanting(`replicate ${name} to ${missing.join(", ")}`, () =>
      world.secrets.replicate(origin, name, missing),
    );
  }
  const [failed] = Object.entries(replicas).filter(([, state]) => state.startsWith("Failed"));
  if (failed) return stuck({ says: `the copy of ${name} in ${failed[0]}: ${failed[1]}` });
  const [late] = Object.entries(replicas).filter(([, state]) => !state.startsWith("InSync"));
  return late
    ? waiting(`${name}: ${late[0]} is ${late[1]}`, COPIED_WITHIN_SECONDS)
    : done(`${name} in ${[instance.home, ...others].join(", ")}`);
}
