import type { CheckKind } from "../../lib/sla/prepared-check.ts";
import { text } from "../kernel/env.ts";
import { ledgerEnv } from "../ledger/contract.ts";

/** Deployed in every site: looks at what a recovery in its region would need. Changes nothing. */
export const PREPARED_FUNCTION = "sla-prepared";

/** Hours between two looks: one that fails leaves time for another on the same day. */
export const LOOK_HOURS = 12;

export const preparedEnv = {
  ...ledgerEnv,
  /** Id of the security group of the functions that speak SQL. */
  SQL_GROUP: text,
  /** Ids, with commas: whom a quarantined database lets in, and nobody else. */
  OUR_GROUPS: text,
};
export type PreparedEnv = Record<keyof typeof preparedEnv, string>;

/** `prepared/<region>.json`: what a region lacked at the last look; instants ISO 8601. */
export interface PreparedRecord {
  readonly at: string;
  readonly region: string;
  /** Key of the fleet that the look went by. */
  readonly fleet: string;
  /** How many things were looked at. */
  readonly checks: number;
  readonly lacks: readonly Lack[];
  /** What nobody said: what was lacking of it before still counts as lacking. */
  readonly unknown: readonly Unknown[];
}

export interface Lack {
  readonly kind: CheckKind;
  /** Name of the group or secret. */
  readonly about: string;
  readonly detail: string;
  /** The look that found it first. */
  readonly since: string;
}

export interface Unknown {
  readonly kind: CheckKind;
  readonly about: string;
  /** That did not answer. */
  readonly region: string;
  readonly why: string;
}
