import type { Asked } from "../../lib/sla/prepared-check.ts";
import { SlaError } from "../kernel/errors.ts";

/** `whom`: who is not asked again once nobody has answered. */
export type Ask = <T>(whom: string, call: () => Promise<T | undefined>) => Promise<Asked<T>>;

/** Who has not answered is not asked again: a lost region with a thousand secrets would take hours. */
export function asking(): Ask {
  const lost = new Map<string, string>();
  return async (whom, call) => {
    const why = lost.get(whom);
    if (why !== undefined) return { state: "silent", why };
    const answer = call().then(foundOrNot);
    return answer.catch((cause: unknown) => {
      if (!(cause instanceof SlaError)) throw cause;
      if (cause.code === "CloudUnreachable") lost.set(whom, cause.message);
      return { state: "silent", why: cause.message };
    });
  };
}

const foundOrNot = <T>(it: T | undefined): Asked<T> =>
  it === undefined ? { state: "missing" } : { state: "there", it };
