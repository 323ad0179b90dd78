/** The STOP flags of a site, each at a path of its own. The only function with a public URL. */
export const FLAG_FUNCTION = "sla-flag";

/**
 * Standby takes over primary: while a flag is raised, the *inverted* health check that watches its path finds
 * the PRIMARY record unhealthy, and DNS answers SECONDARY. No API of another region takes part.
 * Kept in the ledger of the owner's site as `flags/<id>.json`.
 */
export interface Flag {
  /** An instance with `stop: own`, or a cell. */
  readonly id: string;
  /** Last part of the path, so that nobody can guess it. */
  readonly token: string;
  readonly state: "lowered" | "raised";
  /** ISO 8601. */
  readonly since: string;
  /** Deployment or ARN of the execution. */
  readonly by: string;
}

/**
 * By which the check of a flag is found: its caller reference, or this and a number. Route 53 lets nobody use the
 * reference of a deleted check again for days, so a new one gets a number, and the highest is the newest.
 */
export const stopReference = (flag: string, site: string): string => `sla-stop-${flag}-${site}`;

/** A health check of Route 53. */
export interface NamedCheck {
  readonly reference: string;
  readonly id: string;
}

/** Ids of the checks that this flag has and had. */
export const newestFirst = (checks: readonly NamedCheck[], reference: string): readonly string[] =>
  checks
    .filter((check) => isNumbered(check.reference, reference))
    .toSorted((a, b) => numberOf(b, reference) - numberOf(a, reference))
    .map(({ id }) => id);

/** This reference, or this and a number. */
export const isNumbered = (found: string, reference: string): boolean =>
  found.startsWith(reference) && /^(-\d+)?$/.test(found.slice(reference.length));

const numberOf = (check: NamedCheck, reference: string) =>
  Number(check.reference.slice(reference.length + 1) || "0");

export const flagPath = ({ id, token }: Pick<Flag, "id" | "token">) => `/${id}/${token}`;

/** As a function URL hands a request over (payload format 2.0), as far as it is read. */
export interface UrlRequest {
  readonly rawPath: string;
}

export interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
