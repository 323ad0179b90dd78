import type { Instance } from "../../lib/sla/fleet.ts";
import type { Flipped, Shown } from "./case.ts";
import { targetsOf } from "./flip.ts";
import { awaited, type Sight } from "./poll.ts";
import { sameName } from "./records.ts";
import { isRecovery } from "./recover-case.ts";
import { lookFrom } from "./sight.ts";
import type { Taken } from "./step.ts";
import { type FlipWorld, instanceOf } from "./world.ts";

/**
 * The change is in sync, every authoritative server answers it, and a majority of the configured
 * vantages gets a good page: a blind vantage does not hold it up, half of them would.
 */
export async function prove(world: FlipWorld, flipped: Flipped): Promise<Taken<Shown>> {
  const instance = instanceOf(world, flipped.request.instance);
  const [servers, said] = await Promise.all([
    awaited(world.clock, () => answeredEverywhere(world, instance, flipped)),
    hasPage(instance, flipped)
      ? awaited(world.clock, () => goodPage(world, instance))
      : { at: world.clock.now().toISOString(), words: "the application has no place there" },
  ]);
  return {
    next: { ...flipped, goodAt: said.at },
    detail: `${servers} name servers agree; pages: ${said.words}`,
  };
}

/** Where a database is restored its application may have no place: then its name still leads to where nothing is. */
const hasPage = ({ app }: Instance, flipped: Flipped) =>
  !isRecovery(flipped) || app === undefined || flipped.roles.primary.app !== undefined;

async function answeredEverywhere(
  { signpost, oracle }: FlipWorld,
  instance: Instance,
  flipped: Flipped,
): Promise<Sight<number>> {
  const { change, flag, stays } = flipped.flip;
  const servers =
    flag === undefined && !stays
      ? await signpost.nameServers(instance.dns.zone)
      : await oracle.serversOf(instance.dns.names.database);
  if (servers.length === 0) return { missing: `zone ${instance.dns.zone} names no servers` };
  const asked = servers.flatMap((server) =>
    [...targetsOf(instance, flipped)].map(([name, target]) => ({ server, name, target })),
  );
  const answers = await Promise.all(
    asked.map(async ({ server, name, target }) => {
      const answer = await oracle.cname(server, name);
      const agrees = answer !== undefined && sameName(answer, target);
      return agrees ? [] : [`${server} answers ${answer ?? "nothing"} for ${name}`];
    }),
  );
  const [wrong] = answers.flat();
  if (wrong) return { missing: wrong };
  // Asked last: asking DNS costs nobody anything, the API takes five calls a second from the whole account.
  if (change !== undefined && !(await signpost.isInSync(change))) {
    return { missing: `change ${change} is not in sync` };
  }
  return { seen: servers.length };
}

async function goodPage({ vantages, fleet, clock }: FlipWorld, instance: Instance) {
  const { verdict, said } = await lookFrom(vantages, fleet, instance);
  const words = Object.entries(said)
    .map(([vantage, what]) => `${vantage} ${what}`)
    .join(", ");
  return verdict === "up"
    ? { seen: { at: clock.now().toISOString(), words } }
    : { missing: `no majority of good pages: ${words}` };
}
