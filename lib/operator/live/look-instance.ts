import type { Instance } from "../../sla/fleet.ts";
import { broken, type Finding, risk } from "../../sla/live/finding.ts";
import { judgeName, type NameWanted } from "../../sla/live/judge-names.ts";
import { judgeSeats, type SeatsLook } from "../../sla/live/judge-seats.ts";
import { judgeTls, type TlsScan } from "../../sla/live/tls-grade.ts";
import type { Plan } from "../../sla/plan.ts";
import { hasFunctionUrls } from "../../sla/regions.ts";
import { firstRoles, type Roles, type Seat } from "../../sla/roles.ts";
import type { OurSecret } from "../adopting/ports.ts";
import { namesIn } from "../adopting/ttl-step.ts";
import type { LiveWorld, Looking } from "./world.ts";

/** Of one instance, by the roles of now; nothing of one that has left. */
export async function instanceFindings(
  on: Looking,
  instance: Instance,
): Promise<readonly Finding[]> {
  const { fleet, world, attempt } = on;
  const { id } = instance;
  const plan = fleet.plans[instance.plan];
  const known = await attempt(`roles of ${id}`, async () => ({
    roles: await world.care.roles(id),
  }));
  if (!known || !plan || known.roles?.leftAt !== undefined) return [];
  const since = world.clock.now().toISOString();
  const found = await attempt(`databases of ${id}`, () =>
    whereItLives(on, instance, plan, known.roles ?? firstRoles(fleet, instance, since)),
  );
  const undeployed = broken(
    id,
    "no ledger knows its roles: nobody looks after it",
    "npm run deploy",
  );
  return [...(known.roles ? [] : [undeployed]), ...(found ?? [])];
}

async function whereItLives(
  on: Looking,
  instance: Instance,
  plan: Plan,
  roles: Roles,
): Promise<readonly Finding[]> {
  const { fleet, world, attempt } = on;
  const { id, url } = instance;
  const seats = await seatsOf(world, roles);
  const [names, secrets, tls] = await Promise.all([
    attempt(`names of ${id}`, () => nameFindings(on, instance, roles, seats)),
    attempt(`secrets of ${id}`, () => secretFindings(on, instance)),
    attempt(`TLS of ${url}`, () => world.tls(url)),
  ]);
  return [
    ...judgeSeats({ instance, plan, sites: fleet.sites, byTag: on.byTag }, seats),
    ...(names ?? []),
    ...(secrets ?? []),
    ...(tls ? tlsFindings(id, plan, tls) : []),
  ];
}

function tlsFindings(id: string, { encryption }: Plan, scan: TlsScan): readonly Finding[] {
  const { grade, leastCertificateBits: bits } = encryption ?? {};
  return judgeTls(id, scan, { ...(grade && { grade }), ...(bits !== undefined && { bits }) });
}

interface Ends {
  readonly primary: { readonly endpoint: string | undefined };
  readonly standby?: { readonly endpoint: string | undefined };
}

async function seatsOf({ databases }: LiveWorld, roles: Roles): Promise<SeatsLook & Ends> {
  const look = async ({ region, database }: Seat) => {
    const found = await databases.look({ region, database });
    return { region, database, ...(found && { look: found }), endpoint: found?.endpoint };
  };
  const [primary, standby] = await Promise.all([
    look(roles.primary),
    roles.standby === undefined ? undefined : look(roles.standby),
  ]);
  return { primary, ...(standby && { standby }) };
}

async function nameFindings(
  { world }: Looking,
  instance: Instance,
  roles: Roles,
  ends: Ends,
): Promise<readonly Finding[]> {
  const { dns, id } = instance;
  const records = await world.zones.records(dns.zone, namesIn(instance));
  const isChecked = roles.standby !== undefined && hasFunctionUrls(roles.standby.region);
  const wanted = (
    name: string | undefined,
    primary: string | undefined,
    standby: string | undefined,
  ): readonly NameWanted[] =>
    name === undefined || primary === undefined
      ? []
      : [{ name, primary, ttl: dns.ttl, isChecked, ...(standby !== undefined && { standby }) }];
  return [
    ...wanted(dns.names.database, ends.primary.endpoint, ends.standby?.endpoint),
    ...wanted(dns.names.app, roles.primary.app, roles.standby?.app),
  ].flatMap((name) => judgeName(id, name, records));
}

async function secretFindings(
  { fleet, world }: Looking,
  instance: Instance,
): Promise<readonly Finding[]> {
  const { secret, logins = [] } = instance.database;
  const looks = [secret, ...logins].flatMap((name) =>
    Object.keys(fleet.sites).map(async (region) =>
      secretFinding(instance, region, name, await world.secrets.look(region, name)),
    ),
  );
  return (await Promise.all(looks)).flat();
}

function secretFinding(
  { id, home }: Instance,
  region: string,
  name: string,
  found: OurSecret | undefined,
): readonly Finding[] {
  if (found && found.deletedAt === undefined) return [];
  const say = region === home ? broken : risk;
  const restore = `aws --region ${region} secretsmanager restore-secret --secret-id ${name}`;
  if (found) return [say(id, `the secret ${name} of ${region} waits for its deletion`, restore)];
  const replicate = `aws --region ${home} secretsmanager replicate-secret-to-regions --secret-id ${name} --add-replica-regions Region=${region}`;
  const mend = region === home ? `npx sla adopt ${id}` : replicate;
  return [say(id, `${region} has no secret ${name}`, mend)];
}
