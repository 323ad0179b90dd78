import type { AcceptableHalt, FailoverRequest } from "../../functions/failover/contract.ts";
import { ANY_LOSS } from "../../functions/failover/person.ts";
import { UserError } from "../cli/user-error.ts";
import { parseDuration } from "../sla/duration.ts";

/** What a person asks of `sla failover`. */
export interface Wish {
  readonly instance: string;
  readonly reason: string;
  /** In spite of a failover a short while ago. */
  readonly force: boolean;
  /** Though the instance answers or its database commits. */
  readonly evenIfAlive: boolean;
  /** What serves is moved, and nothing may be lost by that. */
  readonly planned?: boolean;
  /** Plan seconds of writes that may be lost instead of the plan's RPO. */
  readonly allowLoss?: number | typeof ANY_LOSS;
}

/** Throws UserError that says what is allowed. */
export function parseLoss(text: string): number | typeof ANY_LOSS {
  if (text === ANY_LOSS) return ANY_LOSS;
  try {
    return parseDuration(text);
  } catch (cause) {
    const { message } = cause as Error;
    throw new UserError(`--allow-loss: ${message}; or any, for a loss that nothing bounds`);
  }
}

/** Throws UserError if it says nothing. */
export function parseReason(text: string): string {
  const reason = text.trim();
  if (reason !== "") return reason;
  throw new UserError(
    '--reason: say why, it stays as evidence, like --reason "site A has no power"',
  );
}

/** A plan takes nothing upon itself. Throws UserError. */
export function refuseContradiction({ planned, evenIfAlive, allowLoss }: Wish): void {
  const flags = [
    ...(allowLoss === undefined ? [] : ["--allow-loss"]),
    ...(evenIfAlive ? ["--even-if-alive"] : []),
  ];
  if (!planned || flags.length === 0) return;
  throw new UserError(
    `--planned: it moves what serves and loses nothing; leave ${flags.join(" and ")} away`,
  );
}

type Accepted = Pick<FailoverRequest, "accept" | "allowLossSeconds" | "planned">;

/** What of a request a person's word changes. */
export function acceptanceOf({
  force,
  evenIfAlive,
  allowLoss,
  planned,
}: Omit<Wish, "instance" | "reason">): Accepted {
  const accept: AcceptableHalt[] = [
    ...(force ? (["HaltCooldown", "HaltMaintenance"] as const) : []),
    ...(evenIfAlive ? (["HaltRecovered", "HaltStillAlive"] as const) : []),
    // That it did not stream says that something is lost; how much at most, its heartbeat says.
    ...(allowLoss === undefined ? [] : (["HaltNotStreaming"] as const)),
    ...(allowLoss === ANY_LOSS ? (["HaltBehind"] as const) : []),
  ];
  return {
    ...(accept.length > 0 && { accept }),
    ...(typeof allowLoss === "number" && { allowLossSeconds: allowLoss }),
    ...(planned && { planned }),
  };
}
