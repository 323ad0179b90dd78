import type { LiveReport } from "../../functions/live/look.ts";
import { UserError } from "../../lib/cli/user-error.ts";
import type { DatabaseLook } from "../../lib/operator/adopting/ports.ts";
import type { GameDayLook } from "../../lib/operator/game-day/look.ts";
import { lookBefore } from "../../lib/operator/game-day/look.ts";
import { GAME_DAY_TAG } from "../../lib/operator/game-day/record.ts";
import type { GameDayWorld } from "../../lib/operator/game-day/world.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import type { SecurityGroup } from "../../lib/sla/ingress.ts";
import { promotedRoles, type Roles, type Seat } from "../../lib/sla/roles.ts";
import { fleetOf, instance } from "./fleet.ts";
import { Bureau, CONTROL, HOME, STANDBY } from "./operator-access.ts";

const EXECUTION = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:fo-acme-e1-1`;
const FOLDER = "failovers/acme/fo-acme-e1-1";
export const CLIENTS = "sg-2";
export const CUT = "sg-2g";

/** What the product does of a primary that nobody reaches. */
export type Reaction = "fails over" | "sleeps" | "halts" | "is slow to promote";

/** Seconds after the cut at which a failover begins, promotes and is done. */
const BEGINS = 60;
const PROMOTES = 120;
const DONE = 180;

/** An account in which acme is the provider's own, and everything is well. */
export class Hall implements GameDayWorld {
  readonly access: Bureau & { readonly fleet: Fleet };
  readonly fence;
  readonly tags = new Map([HOME, STANDBY].map((region) => [region, "acme"]));
  readonly report: { findings: LiveReport["findings"]; unlooked: LiveReport["unlooked"] } = {
    findings: [],
    unlooked: [],
  };
  admits: SecurityGroup | undefined = { vpc: "vpc-2", ingress: [] };
  complaint: string | undefined;
  reaction: Reaction;
  /** Told of every look at the page: what a person does meanwhile. */
  onLook: (secondsAfterCut: number) => void = () => {};
  #cutMs: number | undefined;

  constructor(reaction: Reaction = "fails over", changes: Partial<Instance> = { gameDay: true }) {
    this.reaction = reaction;
    const bureau = new Bureau();
    const fleet = fleetOf([instance("acme", changes), ...bureau.fleet.instances.slice(1)]);
    const sites = Object.entries(fleet.sites).map(
      ([region, site]) => [region, { ...site, gameDayGroup: `${site.securityGroup}g` }] as const,
    );
    const plans = structuredClone(fleet.plans);
    const own = { ...fleet, plans, sites: Object.fromEntries(sites) };
    this.access = Object.assign(bureau, { fleet: own });
    this.fence = bureau.databases;
    this.primary.groups = [CLIENTS];
    bureau.machines.describe = async () =>
      bureau.execution({ isRunning: bureau.running.has(EXECUTION) });
  }

  get acme(): Instance {
    const [found] = this.access.fleet.instances;
    if (!found) throw new Error("no acme");
    return found;
  }

  get primary() {
    const found = this.access.databases.all.get(`${HOME}/acme-db`);
    if (!found) throw new Error("no primary");
    return found;
  }

  readonly databases = {
    look: async ({ region, database }: Seat): Promise<DatabaseLook | undefined> => {
      const state = await this.access.registry.describe({ region, database });
      const tag = this.tags.get(region);
      return (
        state && {
          ...LOOK,
          id: database,
          arn: `arn:aws:rds:${region}:111111111111:db:${database}`,
          status: state.status,
          retentionDays: state.backupRetentionDays,
          groups: state.groups.map(({ id }) => id),
          tags: tag === undefined ? {} : { [GAME_DAY_TAG]: tag },
        }
      );
    },
  };

  readonly groups = { security: async () => this.admits };

  readonly live = async (): Promise<LiveReport> => ({
    ...{ at: "", looked: new Set(), tls: {} },
    ...this.report,
  });

  readonly page = async (): Promise<string | undefined> => {
    if (this.complaint !== undefined) return this.complaint;
    this.#react();
    return this.#isServed() ? undefined : "status 503";
  };

  look(boundSeconds = 1800): Promise<GameDayLook> {
    return lookBefore(this, this.acme, boundSeconds);
  }

  roles(): Roles {
    const found = this.access.memory.at(CONTROL).peek<Roles>("roles/acme.json");
    if (!found) throw new UserError("no roles");
    return found;
  }

  #isServed = () => this.roles().epoch > 1 || this.primary.groups.includes(CLIENTS);

  /** The product, as far as it gets. */
  #react(): void {
    const isCut = this.primary.groups.includes(CUT);
    const nowMs = this.access.clock.now().getTime();
    if (isCut) this.#cutMs ??= nowMs;
    if (this.#cutMs === undefined) return;
    const seconds = (nowMs - this.#cutMs) / 1000;
    this.onLook(seconds);
    const hasHalted = this.access.memory.at(STANDBY).peek(`${FOLDER}/halted.json`) !== undefined;
    if (this.reaction === "sleeps" || hasHalted) return;
    if (isCut && seconds > BEGINS) this.#lock("held");
    if (this.access.running.has(EXECUTION)) this.#goOn(seconds);
  }

  #goOn(seconds: number): void {
    const slow = this.reaction === "is slow to promote" ? 1800 : 0;
    if (this.access.memory.at(STANDBY).peek("aborts/acme.json")) this.#halt("HaltAborted");
    else if (seconds <= PROMOTES) return;
    else if (this.reaction === "halts") this.#halt("HaltBehind");
    else if (seconds > DONE + slow) this.#finish();
    else this.#promote();
  }

  #lock(state: "held" | "free"): void {
    const lock = { state, by: EXECUTION, until: "2026-11-21T23:00:00.000Z" };
    this.access.memory.at(STANDBY).put("locks/acme.json", lock);
    if (state === "held") this.access.running.add(EXECUTION);
    else this.access.running.delete(EXECUTION);
  }

  #halt(code: string): void {
    this.#lock("free");
    const halted = { code, message: "a test", loss: "", fence: [], next: { why: "", command: "" } };
    this.access.memory.at(STANDBY).put(`${FOLDER}/halted.json`, halted);
  }

  #promote(): void {
    const at = this.access.clock.now().toISOString();
    this.access.memory.at(STANDBY).put(`${FOLDER}/promote.json`, { state: "asked", at });
  }

  #finish(): void {
    const promoted = promotedRoles(
      this.roles(),
      CONTROL,
      this.access.clock.now().toISOString(),
      "f",
    );
    for (const site of [HOME, STANDBY, CONTROL]) {
      this.access.memory.at(site).put("roles/acme.json", promoted);
    }
    this.primary.groups = ["sg-2q"];
    const measured = { rtoSeconds: 121, rpoSeconds: 4 };
    this.access.memory.at(STANDBY).put(`${FOLDER}/record.json`, { measured });
    this.#lock("free");
  }
}

const LOOK = {
  ...{ engine: "postgres", version: "15.8", multiAz: false, encrypted: true },
  ...{ deletionProtection: true, hasManagedSecret: false, subnets: [], port: 5432 },
  ...{ instanceClass: "db.t4g.micro", master: "postgres" },
};
