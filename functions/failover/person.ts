import type { Instance } from "../../lib/sla/fleet.ts";
import type { AcceptableHalt, FailoverRequest } from "./contract.ts";

/** The flag of `sla failover` by which a person takes a halt upon themselves. */
export const FLAG_OF = {
  HaltCooldown: "--force",
  HaltMaintenance: "--force",
  HaltRecovered: "--even-if-alive",
  HaltStillAlive: "--even-if-alive",
  HaltStandbyThere: "--even-with-standby",
  HaltNotStreaming: "--allow-loss",
  HaltBehind: "--allow-loss",
} as const satisfies Record<AcceptableHalt, string>;

/** What `--allow-loss` says where nothing bounds the loss. */
export const ANY_LOSS = "any";

/** Whether a person is asked before anything is touched; whoever began it has answered. */
export const asksFirst = ({ failover }: Instance, { trigger }: FailoverRequest): boolean =>
  failover === "approval" && trigger !== "person";

/** Never the name that the watch gives: a person may try as often as it takes. */
export function personsExecutionName({ instance, epoch }: FailoverRequest, now: Date): string {
  const digits = now.toISOString().replace(/[^0-9]/g, "");
  return `fo-${instance}-e${epoch}-p${digits}`.slice(0, 80);
}

/** Flags that accept again what a request accepts, in the order of `sla failover --help`. */
export function flagsOf({ accept = [], allowLossSeconds }: FailoverRequest): readonly string[] {
  const flags = new Set(accept.map((code) => FLAG_OF[code]));
  const loss = flags.delete("--allow-loss") || allowLossSeconds !== undefined;
  const bound = allowLossSeconds === undefined ? ANY_LOSS : `${allowLossSeconds}s`;
  return [...(loss ? [`--allow-loss ${bound}`] : []), ...[...flags].toSorted().toReversed()];
}
