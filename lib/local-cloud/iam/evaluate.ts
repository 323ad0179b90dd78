import { type Context, holds } from "./conditions.ts";
import { matches, matchesAction } from "./pattern.ts";
import type { Statement } from "./policy.ts";
import { type Caller, type Reach, reachOf } from "./principals.ts";

/** One permission that a request needs. */
export interface Ask {
  /** `s3:PutObject` */
  readonly action: string;
  /** ARN, or `*` where the action knows no resources. */
  readonly resource: string;
  /** By condition key in lower case. */
  readonly context?: Context;
}

export interface Question {
  readonly caller: Caller;
  readonly ask: Ask;
  readonly context: Context;
  /** Policies of the caller's role; services have none. */
  readonly identity: readonly Statement[];
  /** Of what is asked for; undefined: it has no policy. */
  readonly resource: readonly Statement[] | undefined;
  readonly isForeign: boolean;
  /** Nobody may anything unless the resource's policy says so, as KMS does it. */
  readonly resourceRules: boolean;
}

export type Verdict =
  | { readonly allowed: true }
  /** How AWS ends its sentence: `because no identity-based policy allows the s3:PutObject action`. */
  | { readonly allowed: false; readonly why: string };

const ALLOWED: Verdict = { allowed: true };
const denied = (by: string): Verdict => ({
  allowed: false,
  why: `with an explicit deny in ${by} policy`,
});

/**
 * AWS's evaluation logic without organizations, boundaries and session policies: a denial anywhere wins; within an
 * account one of both policies suffices, across accounts both have to allow.
 */
export function evaluate(question: Question): Verdict {
  const own = question.identity.filter((statement) => applies(statement, question));
  const theirs = (question.resource ?? []).filter((statement) => applies(statement, question));
  const reach = (effect: Statement["effect"]) =>
    theirs
      .filter((statement) => statement.effect === effect)
      .map(({ principals }) => reachOf(principals, question.caller))
      .filter((each) => each !== "none");
  if (own.some(({ effect }) => effect === "Deny")) return denied("an identity-based");
  if (reach("Deny").length > 0) return denied("a resource-based");
  const missing = whoseLeaveIsMissing(question, {
    byIdentity: own.some(({ effect }) => effect === "Allow"),
    byResource: reach("Allow"),
  });
  if (missing === undefined) return ALLOWED;
  const { action } = question.ask;
  return { allowed: false, why: `because no ${missing} policy allows the ${action} action` };
}

interface Leave {
  readonly byIdentity: boolean;
  /** How the statements reach the caller that do. */
  readonly byResource: readonly Reach[];
}

/** Undefined: nobody's. */
function whoseLeaveIsMissing(
  { caller, isForeign, resourceRules }: Question,
  { byIdentity, byResource }: Leave,
): string | undefined {
  const mustAgree = caller.kind !== "role" || isForeign || resourceRules;
  if (mustAgree && byResource.length === 0) return "resource-based";
  if (caller.kind !== "role") return undefined;
  const isEnough = byIdentity || (!isForeign && byResource.includes("direct"));
  return isEnough ? undefined : "identity-based";
}

/** Whether a statement is about a request, but for its principals. */
function applies(statement: Statement, { ask, context }: Question): boolean {
  const { actions, notActions, resources, notResources, conditions } = statement;
  const isAction = actions
    ? actions.some((pattern) => matchesAction(pattern, ask.action))
    : !notActions?.some((pattern) => matchesAction(pattern, ask.action));
  if (!isAction) return false;
  const isResource = notResources
    ? !notResources.some((pattern) => matches(pattern, ask.resource))
    : (resources ?? ["*"]).some((pattern) => matches(pattern, ask.resource));
  return isResource && conditions.every((condition) => holds(condition, context));
}
