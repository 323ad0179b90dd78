import type { HaltCode } from "../../functions/failover/contract.ts";
import type { CloudEvent } from "../local-cloud/event-log.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import { everyStepDied } from "./deaths.ts";
import type { Check, Outcome } from "./result.ts";

/** What a fault may touch: servers, processes and network paths, never the product. */
export interface Scene {
  readonly victim: Instance;
  readonly vantages: readonly string[];
  /** SIGKILL of the primary's whole process group. */
  killPrimary(): Promise<void>;
  /** SIGKILL of the application in the home site; its database lives on. */
  killApplication(): Promise<void>;
  /** The application at home is bad for one round fewer than open an incident, then well, over and over. */
  stumble(): void;
  /** From one vantage region no application answers any more; its control targets still do. */
  blind(vantage: string): void;
  /** Nobody outside reaches the home site's application and database; they live on, replication goes on. */
  isolateHome(): void;
  /** Nothing of the log arrives at the standby any more; returns when it is further behind than the plan allows. */
  starveStandby(): Promise<void>;
  /** Log arrives at the standby and is replayed later than the plan allows any loss; returns when it is so. */
  delayReplay(): Promise<void>;
  /** Every API of the owner's site, and Route 53, refuses two calls of eight for ten minutes. */
  throttleOwner(): void;
  /** The process of each step of the failover is killed at work, and its repeat with the answer in hand. */
  killEachStep(): void;
  /** SIGSTOP of the primary's whole process group: connections stay, nothing answers. */
  freezePrimary(): void;
  /** The home region is gone: its APIs hang, its databases and applications are reached by nobody. */
  loseHome(): Promise<void>;
  /** Likewise home and standby, and they never come back. */
  loseForGood(): Promise<void>;
  /** What the application's page needs is dropped in its database, as by mistake. */
  dropTable(): Promise<void>;
  /** After the promotion, the host of the old primary comes back to life by itself. */
  reviveOldPrimaryOncePromoted(): void;
  /** After the promotion, the old primary goes on where it stopped, unless it was restarted before. */
  thawOldPrimaryOncePromoted(): void;
}

export interface Fault {
  readonly name: string;
  readonly title: string;
  expects(victim: Instance, plan: Plan): Outcome;
  /** Where the failover may stop if a halt is expected. */
  readonly haltsAt?: readonly HaltCode[];
  /** What it hits: the instance chosen, or all of its home region, which comes back when they are failed over. */
  readonly hits?: "region";
  /** Where nobody can be promoted, or must not: what a person brings the instance back to. */
  readonly restores?: "the newest" | "just before";
  inject(scene: Scene): Promise<void>;
  /** What must be seen besides, from the events since the fault. */
  readonly shows?: (events: readonly CloudEvent[]) => Check;
}

/** Nobody answers in a drill: what a question comes to then, the plan says. */
const ifStandby = (victim: Instance, plan: Plan): Outcome => {
  if (victim.standby === undefined || victim.failover === "alert-only") return "alert";
  return haltsUnanswered(victim, plan) ? "halt" : "failover";
};

const haltsUnanswered = ({ failover }: Instance, { approval }: Plan) =>
  failover === "approval" && approval?.otherwise === "halt";

/** Where a failover may stop if the fault leads to a halt. */
export const haltsOf = (
  { haltsAt = [] }: Fault,
  victim: Instance,
  plan: Plan,
): readonly HaltCode[] => [
  ...haltsAt,
  ...(haltsUnanswered(victim, plan) ? (["HaltUnanswered"] as const) : []),
];

/** As the failover goes by it: the smaller disaster's, if both are promised. */
export const rpoSecondsOf = ({ serverLoss, siteLoss }: Plan): number | undefined =>
  (serverLoss ?? siteLoss)?.rpoSeconds;

/** Whose promise a fault is measured against: one server's, or a whole data center's. */
export const disasterOf = ({ restores }: Fault): "serverLoss" | "siteLoss" =>
  restores === undefined ? "serverLoss" : "siteLoss";

/** Each fault declares what it must lead to; a run is ok if exactly that happens. */
export const FAULTS: readonly Fault[] = [
  {
    name: "kill",
    title: "the primary's database is killed (SIGKILL)",
    expects: ifStandby,
    inject: (scene) => scene.killPrimary(),
  },
  {
    name: "lazarus",
    title: "the primary's database is killed and comes back after the promotion",
    expects: ifStandby,
    async inject(scene) {
      scene.reviveOldPrimaryOncePromoted();
      await scene.killPrimary();
    },
  },
  {
    name: "freeze",
    title: "the primary's database hangs (SIGSTOP) until it is restarted, else until the promotion",
    expects: ifStandby,
    async inject(scene) {
      scene.thawOldPrimaryOncePromoted();
      scene.freezePrimary();
    },
  },
  {
    name: "throttle",
    title: "the primary is killed, and AWS throttles the site that recovers it for ten minutes",
    expects: ifStandby,
    async inject(scene) {
      scene.throttleOwner();
      await scene.killPrimary();
    },
  },
  {
    name: "dying-function",
    title:
      "the primary is killed, and each step of the failover dies twice: at work, and when done",
    expects: ifStandby,
    shows: everyStepDied,
    async inject(scene) {
      scene.killEachStep();
      await scene.killPrimary();
    },
  },
  {
    name: "region",
    title: "the whole home region is lost; it comes back, databases and all, after the failovers",
    expects: ifStandby,
    hits: "region",
    inject: (scene) => scene.loseHome(),
  },
  {
    name: "region-lost",
    title:
      "home and standby are lost for good, all that lives there with them; a person restores a copy",
    expects: () => "recovery",
    restores: "the newest",
    inject: (scene) => scene.loseForGood(),
  },
  {
    name: "bad-data",
    title: "a table of the application is dropped by mistake; a person goes back to just before",
    expects: () => "recovery",
    restores: "just before",
    inject: (scene) => scene.dropTable(),
  },
  {
    name: "slow-standby",
    title: "the standby receives nothing for longer than the RPO, then the primary is killed",
    // Without a promised RPO no loss is too much.
    expects: (victim, plan) =>
      ifStandby(victim, plan) === "failover" && rpoSecondsOf(plan) !== undefined
        ? "halt"
        : ifStandby(victim, plan),
    haltsAt: ["HaltBehind", "HaltNotStreaming"],
    async inject(scene) {
      await scene.starveStandby();
      await scene.killPrimary();
    },
  },
  {
    name: "late-replay",
    title: "the standby replays its log later than the RPO, then the primary is killed",
    // What has arrived is not lost: it is waited for.
    expects: ifStandby,
    async inject(scene) {
      await scene.delayReplay();
      await scene.killPrimary();
    },
  },
  {
    name: "split",
    title: "nobody outside reaches the application and its database; they live on and replicate",
    expects: () => "alert",
    inject: async (scene) => scene.isolateHome(),
  },
  {
    name: "blind-vantage",
    title: "one vantage sees everything down",
    expects: () => "nothing",
    async inject({ vantages: [first], blind }) {
      if (first !== undefined) blind(first);
    },
  },
  {
    name: "flap",
    title: "the application goes up and down, each time one bad round short of an incident",
    // What heals by itself before the plan calls it an incident is nobody's business at night.
    expects: () => "nothing",
    inject: async (scene) => scene.stumble(),
  },
  {
    name: "app-down",
    title: "the application dies, its database lives on",
    expects: () => "alert",
    inject: (scene) => scene.killApplication(),
  },
];
