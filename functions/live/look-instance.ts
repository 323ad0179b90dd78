import { type Engine, isBuiltFor } from "../../lib/sla/engine.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import { type Finding, findingsOf } from "../../lib/sla/live/finding.ts";
import { judgeFollowing } from "../../lib/sla/live/judge-following.ts";
import { judgeName, type NameWanted } from "../../lib/sla/live/judge-names.ts";
import { judgeParameters } from "../../lib/sla/live/judge-parameters.ts";
import { judgeSeats, type SeatsLook } from "../../lib/sla/live/judge-seats.ts";
import { gradeOf, judgeTls } from "../../lib/sla/live/tls-grade.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { hasFunctionUrls } from "../../lib/sla/regions.ts";
import { firstRoles, type Roles, type Seat } from "../../lib/sla/roles.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Attempt } from "./attempts.ts";
import type { TlsGrade } from "./contract.ts";
import type { LiveSeat, LiveWorld } from "./ports.ts";

interface Looking {
  readonly fleet: Fleet;
  readonly world: LiveWorld;
  readonly attempt: Attempt;
  /** No time is left to begin. */
  readonly isLate: boolean;
  readonly grade: (its: TlsGrade) => void;
  /** Permissions go by tags of databases. */
  readonly byTag: boolean;
}

interface Case extends Looking {
  readonly instance: Instance;
  readonly plan: Plan;
  readonly roles: Roles;
}

/** Of one instance, by the roles of now; nothing of one that has left. */
export async function instanceFindings(
  on: Looking,
  instance: Instance,
  known: Roles | undefined,
): Promise<readonly Finding[]> {
  const { fleet, world, attempt } = on;
  const { id: about } = instance;
  const plan = fleet.plans[instance.plan];
  if (!plan || known?.leftAt !== undefined) return [];
  const roles = known ?? firstRoles(fleet, instance, world.clock.now().toISOString());
  const it: Case = { ...on, instance, plan, roles };
  const seats = inTime(on, () => seatsOf(it, known));
  const found = await Promise.all([
    attempt({ area: "roles", about }, async () => rolesFindings(about, known)),
    attempt({ area: "databases", about }, async () =>
      judgeSeats({ instance, plan, sites: fleet.sites, byTag: on.byTag }, await seats),
    ),
    ...(roles.standby
      ? [attempt({ area: "replication", about }, async () => followingFindings(it, await seats))]
      : []),
    ...otherThanPostgres(instance).map((engine) =>
      attempt({ area: "parameters", about }, async () =>
        parameterFindings(it, engine, await seats),
      ),
    ),
    attempt({ area: "names", about }, async () => nameFindings(it, await seats)),
    ...secretsOf(it).map(([region, name]) =>
      attempt(
        { area: "secrets", about },
        () => inTime(on, () => secretFindings(it, region, name)),
        `secrets ${region}`,
      ),
    ),
    attempt({ area: "TLS", about }, () => inTime(on, () => tlsFindings(it))),
  ]);
  return found.flatMap((each) => each ?? []).map((each) => byHand(instance, each));
}

/** Whose engine `sla adopt` knows nothing of is not sent there. */
function byHand({ database: { engine } }: Instance, { mend, ...finding }: Finding): Finding {
  if (mend === undefined) return finding;
  const isRefused = mend.startsWith("npx sla adopt ") && !isBuiltFor(engine, "adopt");
  return { ...finding, mend: isRefused ? "by hand: docs/adopting.md#by-hand" : mend };
}

/** Rejects where the look as a whole has no time for it. */
async function inTime<T>({ isLate }: Looking, looking: () => Promise<T>): Promise<T> {
  if (isLate) throw new SlaError("CloudUnreachable", "cloud", "no time was left for it");
  return looking();
}

const rolesFindings = (about: string, known: Roles | undefined): readonly Finding[] =>
  known
    ? []
    : [
        findingsOf({ area: "roles", about }).broken({
          of: "ledgers",
          says: "no ledger knows its roles: nobody looks after it",
          mend: "npm run deploy",
        }),
      ];

interface Ends {
  readonly primary: { readonly endpoint: string | undefined };
  readonly standby?: { readonly endpoint: string | undefined };
}

/** Rejects while it is being moved: what is half done looks like what is wrong. */
async function seatsOf(
  { world: { databases, isMoving }, roles }: Case,
  known: Roles | undefined,
): Promise<SeatsLook & Ends> {
  if (known && (await isMoving(known))) {
    throw new SlaError("StillMoving", "cloud", "a failover or recovery is under way");
  }
  const ended = ({ region, database }: Seat, found: LiveSeat | undefined) => ({
    ...{ region, database, endpoint: found?.endpoint },
    ...(found && { look: found }),
  });
  const { primary, standby } = roles;
  const [first, second] = await Promise.all([
    databases.look(primary),
    standby && databases.look(standby),
  ]);
  return { primary: ended(primary, first), ...(standby && { standby: ended(standby, second) }) };
}

/** Plan seconds after which what the watch saw is of no use; that it is silent others tell. */
const SEEN_WITHIN_SECONDS = 900;

async function followingFindings(
  { world, instance, plan, roles }: Case,
  { primary, standby }: SeatsLook,
): Promise<readonly Finding[]> {
  if (!standby?.look || !primary.look) return [];
  const { clock } = world;
  const seen = await world.following(roles);
  const oldest = clock.now().getTime() - clock.paced(SEEN_WITHIN_SECONDS);
  if (!seen || Date.parse(seen.at) < oldest) return [];
  const allowed = (plan.serverLoss ?? plan.siteLoss)?.rpoSeconds;
  const { id, database } = instance;
  return judgeFollowing(
    {
      ...{ id, engine: database.engine, standby, secondMs: clock.paced(1) },
      allowedMs: allowed === undefined ? undefined : clock.paced(allowed),
    },
    seen,
  );
}

/** Parameters of PostgreSQL decide nothing that is promised here. */
const otherThanPostgres = ({ database: { engine } }: Instance): readonly Engine[] =>
  engine === undefined || engine === "postgres" ? [] : [engine];

async function parameterFindings(
  { world, instance: { id } }: Case,
  engine: Engine,
  { primary, standby }: SeatsLook,
): Promise<readonly Finding[]> {
  const groups = [primary, ...(standby ? [standby] : [])].map(async ({ region, look }) => {
    const name = look?.parameterGroup;
    const found = name === undefined ? undefined : await world.groups.parameters(region, name);
    return name === undefined || !found ? [] : [{ ...found, region, name }];
  });
  return judgeParameters(id, engine, (await Promise.all(groups)).flat());
}

async function nameFindings(
  { world, instance, roles }: Case,
  ends: Ends,
): Promise<readonly Finding[]> {
  const { dns, id } = instance;
  const { database, app } = dns.names;
  const names = [database, ...(app === undefined ? [] : [app])];
  const records = await world.zones.records(dns.zone, names);
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
    ...wanted(database, ends.primary.endpoint, ends.standby?.endpoint),
    ...wanted(app, roles.primary.app, roles.standby?.app),
  ].flatMap((name) => judgeName(id, name, records));
}

const secretsOf = ({ fleet, instance: { database } }: Case) =>
  [database.secret, ...(database.logins ?? [])].flatMap((name) =>
    Object.keys(fleet.sites).map((region) => [region, name] as const),
  );

async function secretFindings(
  { world, instance: { id, home } }: Case,
  region: string,
  name: string,
): Promise<readonly Finding[]> {
  const found = await world.secrets.look(region, name);
  if (found && found.deletedAt === undefined) return [];
  const say = findingsOf({ area: "secrets", about: id })[region === home ? "broken" : "risk"];
  const of = `${name} in ${region}`;
  const restore = `aws --region ${region} secretsmanager restore-secret --secret-id ${name}`;
  if (found) {
    return [
      say({ of, says: `the secret ${name} of ${region} waits for its deletion`, mend: restore }),
    ];
  }
  const replicate = `aws --region ${home} secretsmanager replicate-secret-to-regions --secret-id ${name} --add-replica-regions Region=${region}`;
  const mend = region === home ? `npx sla adopt ${id}` : replicate;
  return [say({ of, says: `${region} has no secret ${name}`, mend })];
}

async function tlsFindings({
  world,
  instance: { id, url },
  plan,
  grade,
}: Case): Promise<readonly Finding[]> {
  const scan = await world.tls(url);
  if (!scan) return [];
  const graded = gradeOf(scan);
  const at = world.clock.now().toISOString();
  const { bits } = scan;
  if (graded) grade({ at, ...graded, ...(bits !== undefined && { bits }) });
  const { grade: sold, leastCertificateBits: least } = plan.encryption ?? {};
  return judgeTls(id, scan, {
    ...(sold && { grade: sold }),
    ...(least !== undefined && { bits: least }),
  });
}
