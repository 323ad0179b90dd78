import type { Kept, LogWindow } from "../../functions/failover/ports.ts";
import { planRecovery } from "../../lib/operator/recover.ts";
import type { RecoverWish } from "../../lib/operator/recover-wish.ts";
import { backupId, type Listed, TAGS, type Tags, tagsOf } from "../../lib/sla/backups/catalogue.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import { Bureau, CONTROL, down, HOME, NOW, STANDBY } from "./operator-access.ts";

export const [NIGHT, MORNING] = ["2026-11-21T03:00:00.000Z", "2026-11-21T09:00:00.000Z"] as const;

/** What each region holds; one that is not named does not answer. */
export type Held = Readonly<
  Record<string, { backups?: readonly Listed[]; logs?: readonly LogWindow[] }>
>;

export const backup = (region: string, takenAt: string, tags: Tags = {}): Listed => {
  const tickMs = Date.parse(takenAt);
  const ours = tagsOf({ instance: "acme", schedules: ["daily"], tickMs });
  return {
    ...{ id: backupId("acme", tickMs), region, status: "available", isCopy: region !== HOME },
    ...{ takenAt, tags: { ...ours, ...tags } },
  };
};
export const proven = { [TAGS.verified]: NOW };
export const failed = { [TAGS.refuted]: NOW };
export const logs = (earliest: string, latest: string): LogWindow => ({
  ...{ database: "acme-db", region: HOME, status: "active", earliest, latest, archive: "arn:x" },
});

const keptIn =
  (held: Held) =>
  (region: string): Kept => ({
    backups: async () => {
      const there = held[region];
      if (!there) throw new Error("no answer");
      return there.backups ?? [];
    },
    logs: async () => held[region]?.logs ?? [],
  });

const PLACES = { copies: [STANDBY, CONTROL] };
/** Copies of last night's backup in two regions; home is silent. */
export const LOST: Held = {
  [STANDBY]: { backups: [backup(STANDBY, NIGHT)] },
  [CONTROL]: { backups: [backup(CONTROL, NIGHT)] },
};

export interface Scene {
  readonly bureau?: Bureau;
  readonly held?: Held;
  readonly instance?: Partial<Instance>;
  readonly siteLoss?: { rpoSeconds: number; rtoSeconds: number };
}

export async function planned(wish: Partial<RecoverWish> = {}, scene: Scene = {}) {
  const { bureau = lost(), held = LOST } = scene;
  sell(bureau.fleet, scene.siteLoss);
  const [acme] = bureau.fleet.instances;
  if (!acme) throw new Error("no acme");
  const instance = { ...acme, ...PLACES, ...scene.instance };
  return planRecovery(bureau, instance, { reason: "no power", ...wish }, keptIn(held));
}

const sell = ({ plans }: Fleet, siteLoss: Scene["siteLoss"]) => {
  const day = { rpoSeconds: 86_400, rtoSeconds: 86_400, ...siteLoss };
  Object.assign(plans, { quick: { ...plans["quick"], siteLoss: { ...day, includesDns: true } } });
};

/** acme is down for good: its home is gone, and what stood by with it. */
export function lost(...told: readonly string[]): Bureau {
  const bureau = new Bureau();
  bureau.sees(STANDBY, "acme", { incident: down(...told) });
  bureau.databases.all.delete(`${STANDBY}/acme-db-standby`);
  return bureau;
}

export const APP = {
  app: { home: "home.elb.example", recovery: { [CONTROL]: "control.elb.example" } },
  dns: {
    zone: "Z1",
    ttl: 60,
    stop: "cell",
    names: { database: "db.acme.example.ch", app: "app.acme.example.ch" },
  },
} as const;

/** acme is down, its standby streams. */
export function withStandby(): Bureau {
  const bureau = new Bureau();
  bureau.sees(STANDBY, "acme", { incident: down() });
  return bureau;
}

export function answering(): Bureau {
  const bureau = new Bureau();
  bureau.databases.all.delete(`${STANDBY}/acme-db-standby`);
  return bureau;
}

const EXECUTION = `arn:aws:states:${CONTROL}:111111111111:execution:sla-recover:rc-acme-e1-p1`;

/** It runs in control, and has the owner's lock as well. */
export function busy(): Bureau {
  const bureau = lost();
  bureau.running.add(EXECUTION);
  const lock = { state: "held", by: EXECUTION, until: "2026-11-21T11:00:00.000Z" };
  for (const site of [STANDBY, CONTROL]) bureau.memory.at(site).put("locks/acme.json", lock);
  return bureau;
}
