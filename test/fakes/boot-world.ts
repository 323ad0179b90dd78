import { SlaError } from "../../functions/kernel/errors.ts";
import { keys } from "../../functions/ledger/contract.ts";
import {
  BOOT_FUNCTION,
  IMAGE_TEST_MACHINE,
  type ImageTestRecord,
  TERMINATE_FUNCTION,
} from "../../functions/restore/image-contract.ts";
import type {
  LaunchOrder,
  Started,
  TestImages,
  TestMachines,
  TestTerminating,
} from "../../functions/restore/image-ports.ts";
import { BOOT } from "../../functions/restore/image-steps.ts";
import { reapMachines, terminate } from "../../functions/restore/image-terminate.ts";
import { type StepEvent, take } from "../../functions/restore/step.ts";
import { imageTestDefinition } from "../../lib/infra/image-test-definition.ts";
import { backupId, type Tags, tagsOf } from "../../lib/sla/backups/catalogue.ts";
import type { Fleet, ImageTestNetwork } from "../../lib/sla/fleet.ts";
import { type Run, runLine } from "./asl-line.ts";
import { FakeClock } from "./clock.ts";
import { fleetOf, instance } from "./fleet.ts";
import { MemoryLedgers } from "./ledger.ts";

export const REGION = "eu-central-1";
const TAKEN = Date.parse("2026-11-21T03:00:00Z");
export const IMAGE = backupId("acme", TAKEN);
export const TEST = `rt-20261121-${IMAGE}`;
export const NETWORK: ImageTestNetwork = { subnet: "subnet-0sealed", securityGroup: "sg-0sealed" };

export const DISKS = [
  { name: "/dev/sda1", snapshot: "snap-1" },
  { name: "/dev/sdb", snapshot: "snap-2" },
];

interface FakeMachine extends Started {
  state: string;
  readonly order: LaunchOrder;
  looks: number;
}

/** One image in one region, and what EC2 makes of it. */
export class BootWorld {
  readonly clock = new FakeClock(Date.parse("2026-11-21T10:00:00Z"));
  readonly fleet: Fleet = fleetOf([instance("acme", { copies: [REGION] })]);
  readonly ledgers = new MemoryLedgers();
  readonly machines = new Map<string, FakeMachine>();
  /** Of the image; undefined: it is not there. */
  tags: Tags | undefined = tagsOf({ instance: "acme", schedules: ["versions"], tickMs: TAKEN });
  status = "available";
  architecture = "x86_64";
  /** What EC2 says of system and machine, one a look; the last stays. Undefined: nothing yet. */
  health: (readonly [system: string, own: string] | undefined)[] = [
    undefined,
    ["initializing", "initializing"],
    ["ok", "ok"],
  ];
  /** How EC2 answers the next requests to launch. */
  readonly answers: ({ later: string } | { refused: string })[] = [];
  /** Rules of the group; undefined: there is no such group. */
  openings: readonly string[] | undefined = [];
  /** A step is taken twice: the first answer got lost. */
  twice = false;
  /** The process dies before or after this step, once; a machine's answer is lost with it. */
  killed: { readonly at: string; readonly when: "before" | "after" } | undefined;
  /** Thrown by the next terminations. */
  readonly refusedTerminations: Error[] = [];
  /** Looks at a machine that is ending. */
  lingers = 1;
  /** In what state a machine ends by itself once it was looked at so often. */
  endsAfter: { readonly looks: number; readonly reason: string } | undefined;

  constructor(network: ImageTestNetwork | undefined = NETWORK) {
    for (const site of Object.values(this.fleet.sites)) {
      Object.assign(site, network && { imageTests: network });
    }
  }

  async run(image = IMAGE): Promise<Run> {
    const execution = `arn:aws:states:${REGION}:111111111111:execution:${IMAGE_TEST_MACHINE}:${TEST}`;
    const invoke = async (fn: string, payload: unknown) => {
      const event = payload as StepEvent;
      this.#die(event.step, "before");
      const first = await this.#take(fn, event);
      this.#die(event.step, "after");
      return this.twice ? this.#take(fn, event) : first;
    };
    return runLine(
      imageTestDefinition((fn) => fn),
      { instance: "acme", backup: image, trigger: "schedule" },
      execution,
      { invoke, pause: (seconds) => this.clock.wait(seconds), wait: async () => false },
    );
  }

  record(): ImageTestRecord {
    const record = this.ledgers.at(REGION).peek<ImageTestRecord>(keys.imageTest("acme", TEST));
    if (!record) throw new Error("nothing was recorded");
    return record;
  }

  reap = () => reapMachines({ clock: this.clock, machines: this.#terminating });

  /** Ids of machines that still cost something. */
  running = (): readonly string[] =>
    [...this.machines.values()].flatMap(({ machine, state }) =>
      state === "terminated" ? [] : [machine],
    );

  /** As Lambda says it of a process that died. */
  #die(step: string, when: "before" | "after"): void {
    if (this.killed?.at !== step || this.killed.when !== when) return;
    this.killed = undefined;
    throw new SlaError("Lambda.Unknown", "cloud", "the process exited");
  }

  #take(fn: string, event: StepEvent) {
    const { clock, ledgers, fleet } = this;
    if (fn === TERMINATE_FUNCTION) {
      return take({ terminate }, { clock, machines: this.#terminating }, event);
    }
    if (fn !== BOOT_FUNCTION) throw new Error(`${fn} is no part of it`);
    const here = { region: REGION, fleet, ledgers: ledgers.at, clock };
    return take(BOOT, { ...here, images: this.#images, machines: this.#machines }, event);
  }

  readonly #images: TestImages = {
    look: async (id) => {
      const { tags, status, architecture } = this;
      if (id !== IMAGE || !tags) return undefined;
      const takenAt = new Date(TAKEN).toISOString();
      const listed = { id, region: REGION, status, takenAt, isCopy: true, tags };
      return { listed, ami: "ami-1", architecture, disks: DISKS };
    },
    tag: async (_, tags) => {
      this.tags = { ...this.tags, ...tags };
    },
  };

  readonly #machines: TestMachines = {
    openings: async () => this.openings,
    launch: async (order) => {
      const answer = this.answers.shift();
      if (answer) return answer;
      const known = [...this.machines.values()].find((each) => each.order.token === order.token);
      if (known) return { machine: known.machine };
      const machine = `i-${this.machines.size + 1}`;
      const { tags } = order;
      this.machines.set(machine, { machine, state: "pending", tags, order, looks: 0 });
      return { machine };
    },
    look: async (machine) => {
      const found = this.machines.get(machine);
      if (!found) return undefined;
      found.looks += 1;
      if (found.state === "pending") found.state = "running";
      const { endsAfter } = this;
      if (!endsAfter || found.looks < endsAfter.looks) return found;
      found.state = "terminated";
      return { ...found, reason: endsAfter.reason };
    },
    checks: async () => {
      const [now] = this.health;
      if (this.health.length > 1) this.health.shift();
      return now && { system: now[0], own: now[1] };
    },
  };

  readonly #terminating: TestTerminating = {
    list: async () => {
      for (const each of this.machines.values()) {
        if (each.state === "shutting-down" && --this.lingers < 0) each.state = "terminated";
      }
      return [...this.machines.values()].map((each) => ({ ...each }));
    },
    terminate: async (machine) => {
      const refused = this.refusedTerminations.shift();
      if (refused) throw refused;
      const found = this.machines.get(machine);
      if (found) found.state = "shutting-down";
    },
  };
}
