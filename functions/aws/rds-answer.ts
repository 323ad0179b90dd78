import { answered, errorName } from "./cloud-errors.ts";

/** What RDS answers to a change, as far as a failover decides on it. */
const ANSWERS: Readonly<Record<string, "wrong-state" | "gone">> = {
  InvalidDBInstanceStateFault: "wrong-state",
  InvalidDBClusterStateFault: "wrong-state",
  InvalidGlobalClusterStateFault: "wrong-state",
  DBInstanceNotFoundFault: "gone",
  DBClusterNotFoundFault: "gone",
  GlobalClusterNotFoundFault: "gone",
};

export async function rdsAnswer(
  doing: string,
  call: Promise<unknown>,
): Promise<"accepted" | "wrong-state" | "gone"> {
  try {
    await answered(doing, call);
    return "accepted";
  } catch (cause) {
    const answer = ANSWERS[errorName(cause) ?? ""];
    if (answer) return answer;
    throw cause;
  }
}
