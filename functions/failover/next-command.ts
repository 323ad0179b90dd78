import type { Admitted, Begun } from "./case.ts";
import {
  ACCEPTABLE_HALTS,
  type AcceptableHalt,
  FAILOVER_MACHINE,
  type FailoverRequest,
} from "./contract.ts";

export interface NextCommand {
  readonly why: string;
  /** To be pasted into a shell with the provider's credentials. */
  readonly command: string;
}

/** The exact command for a person who has read why the failover stopped. */
export function nextCommand(current: Begun | Admitted, code: string, now: Date): NextCommand {
  const machine = machineOf(current.execution);
  const again = requestOf(current, code);
  const digits = now.toISOString().replace(/[^0-9]/g, "");
  const name = `fo-${again.instance}-e${again.epoch}-p${digits}`.slice(0, 80);
  return {
    why: whyOf(again, code),
    command: [
      "aws stepfunctions start-execution",
      `--region ${machine.split(":")[3]}`,
      `--state-machine-arn ${machine}`,
      `--name ${name}`,
      `--input '${JSON.stringify(again).replaceAll("'", "'\\''")}'`,
    ].join(" "),
  };
}

/** `…:execution:<machine>:<name>` → `…:stateMachine:<machine>` */
const machineOf = (execution: string) =>
  execution.replace(/:execution:.*$/, `:stateMachine:${FAILOVER_MACHINE}`);

function requestOf(current: Begun | Admitted, code: string): FailoverRequest {
  const { accept = [], ...request } = current.request;
  const accepted = isAcceptable(code) ? [...new Set([...accept, code])] : accept;
  return {
    ...request,
    trigger: "person",
    ...(accepted.length > 0 && { accept: accepted }),
    ...("id" in current && { continues: current.id }),
  };
}

const isAcceptable = (code: string): code is AcceptableHalt =>
  ACCEPTABLE_HALTS.some((each) => each === code);

const whyOf = (request: FailoverRequest, code: string) =>
  isAcceptable(code)
    ? `If you take ${code} upon you, this goes on in spite of it:`
    : `When the cause is gone, this goes on with the failover of ${request.instance}:`;
