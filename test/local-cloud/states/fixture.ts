import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import type { InvokeCall, InvokeOutcome } from "../../../lib/local-cloud/lambda/function.ts";
import { FLOORS, Pace } from "../../../lib/local-cloud/pace.ts";
import { statesService } from "../../../lib/local-cloud/states/service.ts";

const ACCOUNT = "111111111111";
export const REGION = "eu-central-1";

/** Answers of functions by name. */
export type Answers = Record<string, (payload: unknown, call: InvokeCall) => unknown>;

class Raised extends Error {}

/** A Step Functions service whose functions are written in the test. */
export function world(answers: Answers = {}, pace = 1000) {
  const log = new EventLog();
  const calls: InvokeCall[] = [];
  const invoke = async (call: InvokeCall): Promise<InvokeOutcome> => {
    calls.push(call);
    try {
      const answer = await answers[call.name]?.(JSON.parse(call.payload), call);
      return { kind: "answered", payload: JSON.stringify(answer ?? null) };
    } catch (cause) {
      if (!(cause instanceof Raised)) throw cause;
      return { kind: "failed", error: { errorType: cause.name, errorMessage: cause.message } };
    }
  };
  const states = statesService({
    log,
    pace: new Pace(pace, { ...FLOORS, lambdaTimeoutMs: 1000, tokenMs: 300 }),
    account: ACCOUNT,
    functions: { invoke },
    random: () => 0.5,
  });
  return { states, log, calls };
}

export function raise(name: string, message = "no"): never {
  throw Object.assign(new Raised(message), { name });
}

/** Runs a machine in JSONata to its end. */
export async function run(definition: object, input: unknown = {}, answers: Answers = {}) {
  const { states, log, calls } = world(answers);
  const text = JSON.stringify({ QueryLanguage: "JSONata", ...definition });
  const arn = states.deploy({ region: REGION, name: "m", definition: text });
  const execution = states.start(arn, JSON.stringify(input), "Root=1-5f-a");
  const ending = await execution.ended;
  return { ending, execution, states, log, calls };
}
