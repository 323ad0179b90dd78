/** A state or execution that failed: `name` is what Retry and Catch match on, `message` the cause. */
export class StateFailure extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** StopExecution, a machine's time-out or a failed sibling branch: nothing may catch it. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** AWS's quota on the input, result and output of a state, in bytes of JSON. */
const DATA_LIMIT = 262_144;

/** Returns the value, or fails with States.DataLimitExceeded if its JSON is larger than AWS carries. */
export function withinLimit<T>(value: T, what: string): T {
  const size = Buffer.byteLength(JSON.stringify(value) ?? "");
  if (size <= DATA_LIMIT) return value;
  throw new StateFailure(
    "States.DataLimitExceeded",
    `${what} has ${size} bytes of JSON, at most ${DATA_LIMIT} are carried between states`,
  );
}
