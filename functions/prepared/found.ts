import { hasOurName, instanceInName } from "../../lib/sla/backups/catalogue.ts";
import type { FoundNetwork } from "../../lib/sla/network-checks.ts";
import type { Asked } from "../../lib/sla/prepared-check.ts";
import { type Login, originOf } from "../../lib/sla/prepared-secrets.ts";
import type { Engine, Found, FoundGroups, KeyLook, Standby } from "../../lib/sla/preparedness.ts";
import type { HomeGroup, RecoveryNeeds, SecretNeed } from "../../lib/sla/recovery-needs.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import type { Ask } from "./asking.ts";
import type { Groups, Keys, Networks, Vault, Versions } from "./ports.ts";

export interface Sources {
  readonly groups: Groups;
  readonly networks: Networks;
  readonly versions: Versions;
  readonly vault: Vault;
  readonly keys: Keys;
}

const LANES = 8;

type GroupsNeeded = Pick<RecoveryNeeds, "parameterGroup"> & {
  readonly homes: readonly HomeGroup[];
};

/** Asks for everything that is needed. Rejects only for what is a mistake of ours. */
export async function whatIsThere(
  needs: RecoveryNeeds,
  sources: Sources,
  ask: Ask,
): Promise<Found> {
  const { groups, versions, vault } = sources;
  const { region, subnetGroup, parameterGroup } = needs;
  const ofGroups = (place: string, name: string) =>
    ask(`RDS ${place}`, () => groups.parameters(place, name));
  const newest = ask(`RDS ${region}`, async () => newestOf(await versions.backups()));
  const running = ask(`RDS ${region}`, () => versions.databases());
  const groupsFor = async ({ parameterGroup: name, homes }: GroupsNeeded): Promise<FoundGroups> => {
    const asked = homes.map(
      async (home) => [home.region, await ofGroups(home.region, home.parameterGroup)] as const,
    );
    const [here, away] = await Promise.all([ofGroups(region, name), Promise.all(asked)]);
    return { parameterGroup: here, homes: new Map(away) };
  };
  const [subnets, own, others, engines, standbys, logins, keys, network] = await Promise.all([
    ask(`RDS ${region}`, () => groups.subnets(subnetGroup)),
    groupsFor({ parameterGroup, homes: needs.homes }),
    Promise.all(needs.others.map(async (other) => [other.engine, await groupsFor(other)] as const)),
    ask(`RDS ${region}`, async () => enginesIn(await newest, needs, await running)),
    ask(`RDS ${region}`, async () => standbysIn(needs, await running)),
    inLanes(LANES, needs.secrets, async (secret) => {
      return [secret.name, await loginOf(secret, region, vault, ask)] as const;
    }),
    newest.then((it) =>
      keysOf(it, needs, (key) => ask(`KMS ${region}`, () => sources.keys.look(key))),
    ),
    networkOf(needs, sources.networks, ask),
  ]);
  return {
    ...{ ...own, others: new Map(others), network, subnetGroup: subnets, engines, standbys },
    ...{ logins: new Map(logins), keys: new Map(keys) },
  };
}

async function networkOf(
  needs: RecoveryNeeds,
  networks: Networks,
  ask: Ask,
): Promise<FoundNetwork> {
  const { region, securityGroup, quarantineGroup } = needs;
  const group = (place: string, id: string) => ask(`EC2 ${place}`, () => networks.group(place, id));
  const [service, quarantine, subnets, homes] = await Promise.all([
    group(region, securityGroup),
    group(region, quarantineGroup),
    ask(`EC2 ${region}`, () => networks.subnets(needs.subnets)),
    Promise.all(
      needs.homes.map(async (home) => {
        return [home.region, await group(home.region, home.securityGroup)] as const;
      }),
    ),
  ]);
  return { service, quarantine, subnets, homes: new Map(homes) };
}

async function loginOf(secret: SecretNeed, region: string, vault: Vault, ask: Ask): Promise<Login> {
  const { name } = secret;
  const look = (place: string) => ask(`secrets ${place}`, () => vault.look(place, name));
  const here = await look(region);
  const from = originOf(secret, here, region);
  const opens = here.state === "there" && here.it.deletedAt === undefined;
  const [content, there] = await Promise.all([
    opens ? ask(`secrets ${region}`, () => vault.open(name)) : undefined,
    from === undefined ? undefined : look(from),
  ]);
  return {
    here,
    ...(content && { content }),
    ...(from !== undefined && there && { origin: { region: from, asked: there } }),
  };
}

interface Newest extends Server {
  readonly instance: string;
  /** ARN; absent where it is not encrypted. */
  readonly key?: string;
}

/** A recovery takes the newest backup of an instance: older ones may be of older versions, under other keys. */
function newestOf(backups: Awaited<ReturnType<Versions["backups"]>>): readonly Newest[] {
  const ours = backups.filter(({ id, takenAt }) => hasOurName(id) && takenAt !== undefined);
  return [...Map.groupBy(ours, ({ id }) => instanceInName(id))].flatMap(([instance, those]) => {
    const [last] = those.toSorted((a, b) => ((a.takenAt ?? "") < (b.takenAt ?? "") ? 1 : -1));
    if (!last) return [];
    const { key } = last;
    return [{ instance, ...serverOf(last), ...(key !== undefined && { key }) }];
  });
}

type Server = Pick<Engine, "engine" | "version">;

const serverOf = ({ engine, version }: Server): Server => ({
  version,
  ...(engine !== undefined && { engine }),
});

type Running = Awaited<ReturnType<Versions["databases"]>>;

function enginesIn(
  newest: Asked<readonly Newest[]>,
  { databases }: RecoveryNeeds,
  running: Asked<Running>,
): readonly Engine[] {
  if (newest.state === "silent") throw new SlaError("CloudUnreachable", "cloud", newest.why);
  const serving = said(running).flatMap(({ id, ...of }) => {
    const instance = databases.get(id);
    return instance === undefined ? [] : [{ instance, ...serverOf(of) }];
  });
  const kept = newest.state === "there" ? newest.it : [];
  return [...kept.map(({ instance, ...of }) => ({ instance, ...serverOf(of) })), ...serving];
}

/** Those that are there; that one is not, a look at its instance tells. */
const standbysIn = ({ standbys }: RecoveryNeeds, running: Asked<Running>): readonly Standby[] =>
  said(running).flatMap(({ id: database, retentionDays }) =>
    standbys.includes(database) ? [{ database, retentionDays }] : [],
  );

function said(running: Asked<Running>): Running {
  if (running.state === "silent") throw new SlaError("CloudUnreachable", "cloud", running.why);
  return running.state === "there" ? running.it : [];
}

/** Those that are needed anyway, and those under which the newest backups lie. */
function keysOf(
  newest: Asked<readonly Newest[]>,
  needs: RecoveryNeeds,
  look: (key: string) => Promise<Asked<KeyLook>>,
): Promise<readonly (readonly [string, Asked<KeyLook>])[]> {
  const used = newest.state === "there" ? newest.it.flatMap(({ key }) => key ?? []) : [];
  const names = [...new Set([...needs.keys, ...used])];
  return inLanes(LANES, names, async (key) => [key, await look(key)] as const);
}
