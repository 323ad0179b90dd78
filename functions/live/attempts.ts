import type { Subject } from "../../lib/sla/live/finding.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Unlooked } from "./contract.ts";

/** Undefined where it could not be looked at, which is noted. `whom`: who is not asked again once nobody has answered. */
export type Attempt = <T>(
  subject: Subject,
  looking: () => Promise<T>,
  whom?: string,
) => Promise<T | undefined>;

export interface Attempts {
  readonly attempt: Attempt;
  /** By subject, the first reason of each. */
  readonly unlooked: ReadonlyMap<string, Unlooked>;
  /** Keys of subjects of which something was seen. */
  readonly looked: ReadonlySet<string>;
}

/** Notes what could be looked at and what not. A lost region with a thousand secrets would take hours, if each were asked for. */
export function attempts(): Attempts {
  const unlooked = new Map<string, Unlooked>();
  const looked = new Set<string>();
  const lost = new Map<string, string>();
  const failed = (subject: Subject, why: string) => {
    const key = subjectKey(subject);
    if (!unlooked.has(key)) unlooked.set(key, { ...subject, why });
    return undefined;
  };
  return {
    unlooked,
    looked,
    async attempt(subject, looking, whom = subjectKey(subject)) {
      const why = lost.get(whom);
      if (why !== undefined) return failed(subject, why);
      try {
        const seen = await looking();
        looked.add(subjectKey(subject));
        return seen;
      } catch (cause) {
        const { message } = cause as Error;
        const isSilent = cause instanceof SlaError && cause.code === "CloudUnreachable";
        if (isSilent) lost.set(whom, message);
        return failed(subject, message);
      }
    },
  };
}

export const subjectKey = ({ area, about }: Subject) => `${area} of ${about}`;
