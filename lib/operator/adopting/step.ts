import type { Engine } from "../../sla/engine.ts";
import type { Fleet, Instance } from "../../sla/fleet.ts";
import type { Plan } from "../../sla/plan.ts";
import type { Need } from "../adopt/needs-of.ts";
import type { AdoptWorld, Login } from "./ports.ts";

/** What a person wished beside the fleet. */
export interface Wish {
  /** Key of the standby's region; absent: the one that RDS has there for itself. */
  readonly kmsKey?: string;
  /** Of the standby; absent: one that is made of the site's subnets. */
  readonly subnetGroup?: string;
  /** Our login may read all rows, so that a fence can look for those that a failover left behind. */
  readonly readsRows: boolean;
  /** Who may make roles on servers of an engine, by default the master that RDS names; absent: nobody can. */
  readonly masters: Readonly<Partial<Record<Engine, Pick<Login, "password"> & Partial<Login>>>>;
}

/** One instance on its way into the fleet's care. */
export interface Case {
  readonly fleet: Fleet;
  readonly instance: Instance;
  readonly plan: Plan;
  readonly world: AdoptWorld;
  readonly wish: Wish;
}

/**
 * What a look at one thing finds. No step remembers anything: where the last one was killed, the next look sees.
 * `wanting`: `act` brings it nearer, and the next look says how near. `waiting`: it goes on by itself. `stuck`: a person must.
 * `next`: it comes after a deployment.
 */
export type Found =
  | { readonly is: "done"; readonly says: string; readonly advice?: readonly Need[] }
  | { readonly is: "wanting"; readonly says: string; readonly act: () => Promise<void> }
  | { readonly is: "waiting"; readonly says: string; readonly atMostSeconds: number }
  | { readonly is: "stuck"; readonly needs: readonly Need[] }
  | { readonly is: "next"; readonly says: string };

export interface Step {
  /** In one word or two. */
  readonly name: string;
  look(on: Case): Promise<Found>;
}

export type Stuck = Extract<Found, { readonly is: "stuck" }>;
export type Waiting = Extract<Found, { readonly is: "waiting" }>;

export const done = (says: string, advice: readonly Need[] = []): Found => ({
  is: "done",
  says,
  ...(advice.length > 0 && { advice }),
});

export const wanting = (says: string, act: () => Promise<void>): Found => ({
  is: "wanting",
  says,
  act,
});

export const stuck = (...needs: readonly Need[]): Stuck => ({ is: "stuck", needs });

export const waiting = (says: string, atMostSeconds: number): Waiting => ({
  is: "waiting",
  says,
  atMostSeconds,
});
