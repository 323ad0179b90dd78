import { SlaError } from "../kernel/errors.ts";
import { RECOVER_HALTS, type RecoverHalt } from "../recover/contract.ts";
import {
  type AcceptableHalt,
  type FailoverRequest,
  HALTS,
  type HaltCode,
  NOT_YET,
} from "./contract.ts";
import type { ReprotectHalt } from "./reprotect-contract.ts";

/** Stops the machine for a person. The message says what was found and what was expected. */
export const halt = (
  code: HaltCode | ReprotectHalt | RecoverHalt,
  message: string,
  options?: ErrorOptions,
): never => {
  throw new SlaError(code, "operator", message, options);
};

/** Like `halt`, unless a person has accepted this very halt: then it answers a remark for the timeline. */
export function haltUnlessAccepted(
  { trigger, accept }: FailoverRequest,
  code: AcceptableHalt,
  message: string,
): string {
  if (trigger !== "person" || !accept?.includes(code)) return halt(code, message);
  return `; ${code} accepted: ${message}`;
}

/** The machine asks again in a second, as often as it has patience for the step. */
export const notYet = (message: string): never => {
  throw new SlaError(NOT_YET, "cloud", message);
};

/** Nothing was answered: the region does not, or our function there fails before it has asked. */
export const isSilence = (cause: unknown): boolean =>
  isUnreachable(cause) || (cause instanceof SlaError && cause.code === "FunctionFailed");

/** Route 53 takes a batch or none of it; this one it will not take, however often it is asked. */
export const RECORDS_REFUSED = "RecordsRefused";

export const isRefusedBatch = (cause: unknown): boolean =>
  cause instanceof SlaError && cause.code === RECORDS_REFUSED;

/** Nothing is wrong with what was asked: the same may be asked again. */
export const isPassing = (cause: unknown): boolean =>
  isUnreachable(cause) || (cause instanceof SlaError && cause.code === "CloudThrottled");

export const isUnreachable = (cause: unknown): boolean =>
  cause instanceof SlaError && cause.code === "CloudUnreachable";

/** It was decided to stop; everything else is something that failed. */
export const isHalt = (cause: unknown): boolean =>
  cause instanceof SlaError && ALL.some((code) => code === cause.code);

const ALL: readonly string[] = [...HALTS, ...RECOVER_HALTS];
