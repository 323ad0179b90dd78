import type { Flag } from "../../functions/flag/contract.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { bare } from "../../lib/operator/adopting/name-words.ts";
import type {
  AdoptWorld,
  Answer,
  DatabaseLook,
  Login,
  MadeGroup,
  NamedRecord,
  OurSecret,
  Spot,
  StandbyOrder,
  Target,
  WantedRecord,
} from "../../lib/operator/adopting/ports.ts";
import { stopFlags } from "../../lib/sla/cells.ts";
import { STANDBY_TAGS } from "../../lib/sla/database-tags.ts";
import type { Engine } from "../../lib/sla/engine.ts";
import { type Fleet, type Instance, parameterGroupOf } from "../../lib/sla/fleet.ts";
import type { SecurityGroup } from "../../lib/sla/ingress.ts";
import { firstRoles, leftRoles, type Roles } from "../../lib/sla/roles.ts";
import { LeapingClock } from "./failover-clock.ts";

const START = "2026-11-23T08:00:00.000Z";
const HOUR_MS = 3_600_000;
const BUILDING_MS = 2 * HOUR_MS;
const MINUTE_MS = 60_000;
export const MASTER: Login = { username: "postgres", password: "of-the-master" };

/** Nothing after it happens: the process is gone. */
export class Killed extends Error {}

interface Made {
  look: DatabaseLook;
  readonly subnetGroup?: string;
  readyAt: number;
}

interface Role {
  password: string;
  readsRows: boolean;
}

/** An account in which databases live that nobody keeps yet, and the fleet that is to keep them. */
export class LivingAccount implements AdoptWorld {
  readonly clock: Clock;
  readonly fleet: Fleet;
  readonly made = new Map<string, Made>();
  readonly parameterGroups = new Map<string, MadeGroup>();
  /** With their descriptions. */
  readonly subnetGroups = new Map<string, string>();
  readonly securityGroups = new Map<string, SecurityGroup>();
  readonly vault = new Map<string, OurSecret & { readonly login: Login; readonly since: number }>();
  readonly sets = new Map<string, readonly NamedRecord[]>();
  /** By endpoint: the roles of the SLA there. */
  readonly prepared = new Map<string, Role>();
  readonly healthChecks = new Map<string, { readonly reference: string; readonly since: number }>();
  readonly known = new Map<string, Roles>();
  deployedAt: number | undefined;
  /** Counts every call that changes something. */
  changes = 0;
  /** Dies at the change of this number, before it or having done it. */
  dies: { readonly at: number; readonly having: "begun" | "done" } | undefined;
  /** What clients were led to after each change, where that was wrong. */
  readonly astray: string[] = [];
  #isReached = true;
  #isDead = false;
  checksMade = 0;

  constructor(
    fleet: Fleet,
    {
      ttl = 3600,
      clock = new LeapingClock(START),
    }: { readonly ttl?: number; readonly clock?: Clock } = {},
  ) {
    this.clock = clock;
    this.fleet = fleet;
    for (const [region, { vpc, securityGroup, quarantineGroup }] of Object.entries(fleet.sites)) {
      this.securityGroups.set(`${region}/${securityGroup}`, { vpc, ingress: [] });
      this.securityGroups.set(`${region}/${quarantineGroup}`, { vpc, ingress: [] });
    }
    for (const instance of fleet.instances) this.#settle(instance, ttl);
  }

  #settle(instance: Instance, ttl: number): void {
    const { home, database, dns, app } = instance;
    const look = primaryOf(this.fleet, instance);
    const { family, values } = atHome(database.engine);
    const group = { family, values, description: "by hand" };
    this.parameterGroups.set(`${home}/${look.parameterGroup}`, group);
    this.made.set(`${home}/${database.primary}`, { look, readyAt: 0 });
    const simple = (name: string, target: string) =>
      this.sets.set(bare(name), [
        { name, type: "CNAME", target, ttl, routing: "simple", whole: {} },
      ]);
    simple(dns.names.database, look.endpoint ?? "");
    if (dns.names.app !== undefined && app) simple(dns.names.app, app.home);
  }

  /** A new process. */
  revive(): void {
    this.dies = undefined;
    this.#isDead = false;
  }

  /** Every change goes through here. */
  async #changing(change: () => void): Promise<void> {
    if (this.#isDead) throw new Killed();
    this.changes += 1;
    const isLast = this.dies?.at === this.changes;
    this.#isDead = isLast;
    if (isLast && this.dies?.having === "begun") throw new Killed();
    change();
    this.#look();
    if (isLast) throw new Killed();
  }

  /** Wherever clients are led now has to be who serves. */
  #look(): void {
    for (const { id, dns, home, database } of this.fleet.instances) {
      const serves = this.made.get(`${home}/${database.primary}`)?.look.endpoint;
      const answers = this.sets.get(bare(dns.names.database)) ?? [];
      const first = answers.find(({ failover }) => failover?.role !== "SECONDARY");
      if (first?.target !== serves) this.astray.push(`${id}: ${first?.target ?? "nowhere"}`);
      const check = this.healthChecks.get(first?.failover?.healthCheck ?? "");
      const isNew = check && this.clock.now().getTime() - check.since < 30_000;
      if (isNew) this.astray.push(`${id}: a check that has not looked`);
    }
  }

  /** What `cdk deploy` brings: roles, flags, and somebody who looks. */
  deploy(): void {
    this.deployedAt = this.clock.now().getTime();
    for (const instance of this.fleet.instances) {
      this.known.set(instance.id, firstRoles(this.fleet, instance, START));
    }
  }

  /** Its databases are not reached from here. */
  goDark(): void {
    this.#isReached = false;
  }

  leave(id: string): void {
    const roles = this.known.get(id);
    if (roles) this.known.set(id, leftRoles(roles, START, "somebody"));
  }

  readonly databases: AdoptWorld["databases"] = {
    look: async ({ region, database }) => {
      const found = this.made.get(`${region}/${database}`);
      if (!found) return undefined;
      const isReady = this.clock.now().getTime() >= found.readyAt;
      if (found.look.status === "deleting" && isReady) {
        this.made.delete(`${region}/${database}`);
        return undefined;
      }
      const { status } = found.look;
      if (isReady && (status === "creating" || status === "modifying")) {
        found.look = { ...found.look, status: "available" };
      }
      return found.look;
    },
    replicate: (spot, order) => this.#replicate(spot, order),
    keepBackups: async ({ region, database }, days) => {
      await this.#changing(() => {
        const found = this.made.get(`${region}/${database}`);
        if (!found) return;
        found.look = { ...found.look, retentionDays: days, status: "modifying" };
        found.readyAt = this.clock.now().getTime() + 10 * MINUTE_MS;
      });
      return "accepted";
    },
    unprotect: async ({ region, database }) => {
      await this.#changing(() => {
        const found = this.made.get(`${region}/${database}`);
        if (!found) return;
        found.look = { ...found.look, status: "modifying", deletionProtection: false };
        found.readyAt = this.clock.now().getTime() + MINUTE_MS;
      });
      return "accepted";
    },
    remove: async ({ region, database }) => {
      const there = this.made.get(`${region}/${database}`)?.look;
      if (there?.deletionProtection) return { refused: "it is protected" };
      if (there?.status !== "available") return "busy";
      await this.#changing(() => {
        const found = this.made.get(`${region}/${database}`);
        if (!found) return;
        found.look = { ...found.look, status: "deleting" };
        found.readyAt = this.clock.now().getTime() + 10 * MINUTE_MS;
      });
      return "accepted";
    },
    note: (_region, arn, key, value) =>
      this.#changing(() => {
        const found = [...this.made.values()].find(({ look }) => look.arn === arn);
        if (!found) return;
        const { [key]: _gone, ...tags } = found.look.tags;
        found.look = {
          ...found.look,
          tags: value === undefined ? tags : { ...tags, [key]: value },
        };
      }),
  };

  async #replicate({ region, database }: Spot, order: StandbyOrder): Promise<Answer> {
    const source = [...this.made.values()].find(({ look }) => look.arn === order.source);
    if (!source) return { refused: "DBInstanceNotFound" };
    await this.#changing(() => {
      if (this.made.has(`${region}/${database}`)) return;
      const look: DatabaseLook = {
        ...source.look,
        ...{ id: database, arn: arnOf(region, database), status: "creating", retentionDays: 0 },
        ...{ endpoint: `${database}.rds.example`, replicaOf: order.source, multiAz: order.multiAz },
        ...{
          groups: order.groups,
          parameterGroup: order.parameterGroup,
          replication: "replicating",
        },
        tags: { ...STANDBY_TAGS, "hosting-sla:adopted": order.instance },
        deletionProtection: true,
      };
      this.made.set(`${region}/${database}`, {
        ...{ look, subnetGroup: order.subnetGroup },
        readyAt: this.clock.now().getTime() + BUILDING_MS,
      });
    });
    return "accepted";
  }

  readonly groups: AdoptWorld["groups"] = {
    parameters: async (region, name) => this.parameterGroups.get(`${region}/${name}`),
    makeParameters: (region, name, made) =>
      this.#changing(() => {
        this.parameterGroups.set(`${region}/${name}`, { ...made, values: {} });
      }),
    setParameters: (region, name, values) =>
      this.#changing(() => {
        const found = this.parameterGroups.get(`${region}/${name}`);
        if (!found) return;
        const key = `${region}/${name}`;
        this.parameterGroups.set(key, { ...found, values: { ...found.values, ...values } });
      }),
    subnets: async (region, name) => {
      const description = this.subnetGroups.get(`${region}/${name}`);
      return description === undefined ? undefined : { description };
    },
    makeSubnets: (region, { name, description }) =>
      this.#changing(() => void this.subnetGroups.set(`${region}/${name}`, description)),
    users: async (region, kind, name) =>
      [...this.made].flatMap(([spot, { look, subnetGroup }]) => {
        const its = kind === "subnets" ? subnetGroup : look.parameterGroup;
        return spot.startsWith(`${region}/`) && its === name ? [look.id] : [];
      }),
    removeParameters: (region, name) =>
      this.#removing(region, "parameters", name, this.parameterGroups),
    removeSubnets: (region, name) => this.#removing(region, "subnets", name, this.subnetGroups),
    security: async (region, id) => this.securityGroups.get(`${region}/${id}`),
  };

  async #removing(
    region: string,
    kind: "parameters" | "subnets",
    name: string,
    groups: Map<string, unknown>,
  ): Promise<Answer> {
    if ((await this.groups.users(region, kind, name)).length > 0) return "busy";
    await this.#changing(() => void groups.delete(`${region}/${name}`));
    return "accepted";
  }

  readonly secrets: AdoptWorld["secrets"] = {
    look: async (region, name) => {
      const found = this.vault.get(name);
      if (!found) return undefined;
      const { login: _kept, since, ...look } = found;
      const isIn = this.clock.now().getTime() - since >= MINUTE_MS;
      const replicas = Object.keys(look.replicas).map((each) => [
        each,
        isIn ? "InSync" : "InProgress",
      ]);
      if (region === this.#homeOf(name)) return { ...look, replicas: Object.fromEntries(replicas) };
      return region in look.replicas
        ? { ...look, follows: this.#homeOf(name), replicas: {} }
        : undefined;
    },
    read: async (_region, name) => this.vault.get(name)?.login,
    make: (_region, name, { instance, login, replicas }) =>
      this.#changing(() => {
        const since = this.clock.now().getTime();
        const all = Object.fromEntries(replicas.map((region) => [region, "InProgress"]));
        this.vault.set(name, { madeFor: instance, login, since, replicas: all });
      }),
    replicate: (_region, name, regions) =>
      this.#changing(() => {
        const found = this.vault.get(name);
        if (!found) return;
        const more = Object.fromEntries(regions.map((region) => [region, "InProgress"]));
        this.vault.set(name, { ...found, replicas: { ...found.replicas, ...more } });
      }),
    remove: (_region, name) => this.#changing(() => void this.vault.delete(name)),
  };

  #homeOf(secret: string): string {
    return this.fleet.instances.find(({ database }) => database.secret === secret)?.home ?? "";
  }

  /** Whose log a primary fetches, by its own host. */
  readonly feeders = new Map<string, string>();

  readonly server: AdoptWorld["server"] = {
    look: async (target, login) => {
      if (!this.#isReached) return { is: "unreached", why: "ECONNREFUSED" };
      const role = this.prepared.get(target.host);
      const from = this.feeders.get(target.host);
      if (role && from !== undefined) return { is: "fed", from };
      return role?.password === login.password
        ? { is: "prepared", readsRows: role.readsRows }
        : { is: "refused", why: `28P01: password authentication failed for "${login.username}"` };
    },
    prepare: async (target, master, { login, readsRows }) => {
      if (master.password !== MASTER.password) return { is: "refused", why: "28P01: no" };
      await this.#changing(() => this.#role(target, { password: login.password, readsRows }));
      return undefined;
    },
    forget: async (target, master) => {
      if (master.password !== MASTER.password) return { is: "refused", why: "28P01: no" };
      await this.#changing(() => void this.prepared.delete(target.host));
      return undefined;
    },
  };

  #role({ host }: Target, role: Role): void {
    this.prepared.set(host, role);
  }

  readonly zones: AdoptWorld["zones"] = {
    records: async (_zone, names) => names.flatMap((name) => this.sets.get(bare(name)) ?? []),
    replace: (_zone, gone, wanted) =>
      this.#changing(() => {
        const names = new Set([...gone, ...wanted].map(({ name }) => bare(name)));
        for (const name of names) {
          const stay = (this.sets.get(name) ?? []).filter((set) => !gone.includes(set));
          const come = wanted.filter((record) => bare(record.name) === name).map(setOf);
          this.sets.set(name, [...stay, ...come]);
        }
      }),
  };

  readonly stops: AdoptWorld["stops"] = {
    flag: async (site, id): Promise<Flag | undefined> =>
      this.deployedAt !== undefined &&
      stopFlags(this.fleet).some((flag) => flag.id === id && flag.site === site)
        ? { id, token: "unguessable", state: "lowered", since: START, by: "deployment" }
        : undefined,
    host: async () => (this.deployedAt === undefined ? undefined : "flags.example"),
    checks: async () => [...this.healthChecks].map(([id, { reference }]) => ({ id, reference })),
    make: async (reference) => {
      await this.#changing(() => {
        if ([...this.healthChecks.values()].some((each) => each.reference === reference)) return;
        this.checksMade += 1;
        const since = this.clock.now().getTime();
        this.healthChecks.set(`check-${this.checksMade}`, { reference, since });
      });
      return "made";
    },
    seen: async (check) => {
      const found = this.healthChecks.get(check);
      if (!found) return undefined;
      return this.clock.now().getTime() - found.since > 10_000 ? [{ raised: false }] : [];
    },
    remove: (check) => this.#changing(() => void this.healthChecks.delete(check)),
  };

  readonly care: AdoptWorld["care"] = {
    roles: async (id) => this.known.get(id),
    watched: async (id) => {
      const ageMs = this.clock.now().getTime() - (this.deployedAt ?? Number.POSITIVE_INFINITY);
      if (!(ageMs > MINUTE_MS)) return { isUp: false, redundancy: "unknown" };
      const standby = this.fleet.instances.find((each) => each.id === id)?.standby;
      const redundancy = standby === undefined ? "none-sold" : "streaming";
      return { lookedAt: START, isUp: true, beatAt: START, redundancy };
    },
    backups: async (id) => {
      const instance = this.fleet.instances.find((each) => each.id === id);
      const places = [...new Set([instance?.home ?? "", ...(instance?.copies ?? [])])];
      const ageMs = this.clock.now().getTime() - (this.deployedAt ?? 0);
      return places.map((place) => ({ place, has: ageMs > HOUR_MS }));
    },
  };

  /** All that is left behind, without instants. */
  state(): unknown {
    const bare = ({ tags: { "hosting-sla:ttl": note, ...tags }, ...look }: DatabaseLook) => ({
      ...look,
      tags: { ...tags, ...(note !== undefined && { noted: note.replace(/since=.*/, "") }) },
    });
    return {
      databases: [...this.made].map(([spot, { look }]) => [spot, bare(look)]).toSorted(),
      parameterGroups: [...this.parameterGroups].toSorted(),
      subnetGroups: [...this.subnetGroups.keys()].toSorted(),
      secrets: [...this.vault].map(([name, { since: _, login: __, ...rest }]) => [name, rest]),
      roles: [...this.prepared].map(([host, { readsRows }]) => [host, readsRows]),
      records: [...this.sets].map(([name, sets]) => [
        name,
        sets.map(({ whole: _, ...set }) => set),
      ]),
      checks: [...this.healthChecks].map(([id, { reference }]) => [id, reference]),
    };
  }
}

function setOf({ name, target, ttl, failover }: WantedRecord): NamedRecord {
  const routed = failover
    ? ({ routing: "failover", failover } as const)
    : { routing: "simple" as const };
  return { name, type: "CNAME", target, ttl, ...routed, whole: {} };
}

const arnOf = (region: string, id: string) => `arn:aws:rds:${region}:111111111111:db:${id}`;

const SHOPS = { require_secure_transport: "1", max_connections: "300" };
const ENGINES_AT_HOME = {
  postgres: {
    ...{ version: "15.18", family: "postgres15", port: 5432 },
    values: { "rds.force_ssl": "1", work_mem: "65536" },
  },
  mariadb: { version: "10.11.8", family: "mariadb10.11", port: 3306, values: SHOPS },
  mysql: {
    ...{ version: "8.4.5", family: "mysql8.4", port: 3306 },
    values: { ...SHOPS, gtid_mode: "ON" },
  },
} as const satisfies Partial<Record<Engine, unknown>>;

function atHome(engine: Engine = "postgres") {
  if (engine === "postgres" || engine === "mariadb" || engine === "mysql") {
    return ENGINES_AT_HOME[engine];
  }
  throw new Error("clusters are not adopted");
}

function primaryOf(fleet: Fleet, { home, database }: Instance): DatabaseLook {
  const { engine = "postgres" } = database;
  const site = fleet.sites[home];
  const { version, port } = atHome(engine);
  const parameterGroup = (site && parameterGroupOf(site, engine)) ?? "";
  const securityGroup = site?.securityGroup ?? "";
  return {
    ...{ id: database.primary, arn: arnOf(home, database.primary), engine },
    ...{ version, status: "available", endpoint: `${database.primary}.rds.example` },
    ...{ port, instanceClass: "db.t4g.medium", master: MASTER.username, multiAz: true },
    ...{ encrypted: true, retentionDays: 7, deletionProtection: true, hasManagedSecret: false },
    ...{ groups: [securityGroup], subnets: [], parameterGroup, tags: {} },
  };
}
