import { SlaError } from "../../functions/kernel/errors.ts";
import { newestRoles } from "../../functions/ledger/fleet.ts";
import type { NotifyRequest } from "../../functions/notify/contract.ts";
import { look } from "../../functions/prepared/look.ts";
import type { Groups, Messenger, Networks, Versions } from "../../functions/prepared/ports.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { SecurityGroup } from "../../lib/sla/ingress.ts";
import type { Subnet } from "../../lib/sla/network-checks.ts";
import type { Content, SecretLook } from "../../lib/sla/prepared-secrets.ts";
import type { ParameterGroup, SubnetGroup } from "../../lib/sla/preparedness.ts";
import { firstRoles } from "../../lib/sla/roles.ts";
import type { PrimaryRecord } from "../../lib/sla/stop-records.ts";
import { FakeClock } from "./clock.ts";
import { fleetOf, instance } from "./fleet.ts";
import { MemoryLedgers } from "./ledger.ts";

export const HERE = "eu-west-1";
export const HOME = "eu-central-2";
export const ROUTE53 = "us-east-1";

const ON_POSTGRES = { protocol: "tcp", ports: { from: 5432, to: 5432 } };

/** One rule, by which these groups or networks are let in to databases. */
export const lettingIn = (vpc: string, ...names: readonly string[]): SecurityGroup => ({
  vpc,
  ingress: [
    {
      ...ON_POSTGRES,
      peers: names.map((name) => ({ kind: name.includes("/") ? "network" : "group", name })),
    },
  ],
});

interface Secret extends SecretLook {
  readonly content?: Content;
}

/** A site to which acme's backups are copied, with all that a recovery needs. */
export class PreparedWorld implements Groups, Versions, Messenger {
  readonly fleet: Fleet;
  readonly clock = new FakeClock("2026-11-22T06:00:00.000Z");
  readonly ledgers = new MemoryLedgers();
  readonly silent = new Set<string>();
  readonly told: NotifyRequest["notices"][number][] = [];
  subnetGroup: SubnetGroup | undefined = {
    ...{ vpc: "vpc-3", status: "Complete" },
    subnets: [
      { id: "subnet-3a", zone: "eu-west-1a" },
      { id: "subnet-3b", zone: "eu-west-1b" },
    ],
  };
  networkSubnets: readonly Subnet[] = [
    { id: "subnet-3a", vpc: "vpc-3", zone: "eu-west-1a" },
    { id: "subnet-3b", vpc: "vpc-3", zone: "eu-west-1b" },
  ];
  /** By region and id. */
  readonly securityGroups = new Map<string, SecurityGroup>();
  /** By region. */
  readonly groups = new Map<string, ParameterGroup>();
  /** By region and name. */
  readonly secrets = new Map<string, Secret>();
  readonly snapshots: Awaited<ReturnType<Versions["backups"]>>[number][] = [
    {
      ...{ id: "sla-acme-20260101t000000z", takenAt: "2026-01-01T00:00:00.000Z", version: "14.9" },
      key: "arn:of-before",
    },
    {
      ...{ id: "sla-acme-20261122t000000z", takenAt: "2026-11-22T00:00:00.000Z", version: "15.18" },
      key: "arn:of-now",
    },
    { id: "by-hand", takenAt: "2026-11-22T01:00:00.000Z", version: "13.1" },
  ];

  readonly running: { id: string; version: string; retentionDays: number }[] = [];

  /** How often nobody answered. */
  unanswered = 0;

  constructor(ids: readonly string[] = ["acme"]) {
    this.fleet = fleetOf(ids.map((id) => instance(id, { copies: [HERE] })));
    for (const region of [HERE, HOME]) {
      this.groups.set(region, { family: "postgres15", values: { max_connections: "500" } });
    }
    for (const [region, { vpc, securityGroup, quarantineGroup }] of Object.entries(
      this.fleet.sites,
    )) {
      const applications = `10.${region.length}.0.0/16`;
      this.securityGroups.set(`${region}/${securityGroup}`, lettingIn(vpc, applications, "sg-sql"));
      this.securityGroups.set(`${region}/${quarantineGroup}`, lettingIn(vpc, "sg-sql"));
    }
    const content: Content = { is: "login" };
    this.secrets.set(`${HERE}/sla/restore`, { content, replicas: {} });
    for (const id of ids) {
      this.secrets.set(`${HOME}/${id}-db/sla`, { content, replicas: { [HERE]: "InSync" } });
      this.secrets.set(`${HERE}/${id}-db/sla`, { content, follows: HOME, replicas: {} });
    }
    for (const site of Object.keys(this.fleet.sites)) {
      for (const each of this.fleet.instances) {
        const roles = firstRoles(this.fleet, each, "2026-11-01T00:00:00.000Z");
        this.ledgers.at(site).put(`roles/${each.id}.json`, roles);
      }
    }
  }

  look() {
    return look({
      ...{ region: HERE, fleet: this.fleet, fleetKey: "fleet/1.json", clock: this.clock },
      ...{ ledger: this.ledgers.at(HERE), messenger: this },
      roles: newestRoles(this.ledgers.at, HERE, this.clock),
      ...{ groups: this, versions: this, vault: { look: this.lookAt, open: this.open } },
      keys: { look: this.keyLook },
      names: { primaries: this.primaries },
      stopChecks: { all: async () => this.#answering(ROUTE53, this.stopChecks) },
      ...{ networks: this.networks, sqlGroup: "sg-sql", ourGroups: ["sg-sql", "sg-dumps"] },
    });
  }

  readonly networks: Networks = {
    group: async (region, id) => {
      this.#answer(region);
      return this.securityGroups.get(`${region}/${id}`);
    },
    subnets: async (ids) => {
      this.#answer(HERE);
      return this.networkSubnets.filter(({ id }) => ids.includes(id));
    },
  };

  async subnets(): Promise<SubnetGroup | undefined> {
    this.#answer(HERE);
    return this.subnetGroup;
  }

  async parameters(region: string): Promise<ParameterGroup | undefined> {
    this.#answer(region);
    return this.groups.get(region);
  }

  async backups() {
    this.#answer(HERE);
    return this.snapshots;
  }

  async databases() {
    this.#answer(HERE);
    return [{ id: "somebody-elses", version: "12.1", retentionDays: 0 }, ...this.running];
  }

  readonly lookAt = async (region: string, name: string): Promise<SecretLook | undefined> => {
    this.#answer(region);
    return this.secrets.get(`${region}/${name}`);
  };

  /** States of those that are not enabled; undefined for those that are not there. */
  readonly keyStates = new Map<string, string | undefined>();
  readonly keysAsked: string[] = [];
  readonly keyLook = async (key: string) => {
    this.#answer(HERE);
    this.keysAsked.push(key);
    const state = this.keyStates.has(key) ? this.keyStates.get(key) : "Enabled";
    return state === undefined ? undefined : { state };
  };

  stopChecks = [{ reference: "somebody-elses", id: "check-of-others" }];
  readonly primaryRecords: PrimaryRecord[] = [];
  readonly primaries = async (_zone: string, names: readonly string[]) =>
    this.#answering(
      ROUTE53,
      this.primaryRecords.filter(({ name }) => names.includes(name)),
    );

  readonly open = async (name: string): Promise<Content | undefined> => {
    this.#answer(HERE);
    return this.secrets.get(`${HERE}/${name}`)?.content;
  };

  async notify({ notices }: NotifyRequest): Promise<void> {
    this.told.push(...notices);
  }

  #answering<T>(region: string, answer: T): T {
    this.#answer(region);
    return answer;
  }

  #answer(region: string): void {
    if (!this.silent.has(region)) return;
    this.unanswered += 1;
    throw new SlaError("CloudUnreachable", "cloud", `${region}: no answer`);
  }
}
