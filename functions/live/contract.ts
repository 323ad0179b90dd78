import type { Finding, Subject } from "../../lib/sla/live/finding.ts";
import type { Grade } from "../../lib/sla/live/tls-grade.ts";

/** Deployed in control: looks every day at the account beside the fleet, as `sla check --live` does. Changes nothing. */
export const LIVE_FUNCTION = "sla-live";

/** Hours between two wakings: the second has nothing to do, unless the first failed or missed something. */
export const WAKE_HOURS = 12;

/** The parameter by which the CDK knows its bootstrap stack, as `cdk bootstrap` names it unless told otherwise. */
export const BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version";

/** What a person may add: `{"now": true}` looks even if today's look is done. */
export interface LiveEvent {
  readonly now?: boolean;
}

/** `live/<region>.json`: what the last look at the account found, from control; instants ISO 8601. */
export interface LiveRecord {
  readonly at: string;
  /** Key of the fleet that the look went by. */
  readonly fleet: string;
  readonly findings: readonly Known[];
  /** What nobody could look at: what was found of it before still stands among the findings. */
  readonly unlooked: readonly Blind[];
  /** By instance: what its endpoint's TLS was when it was last seen. */
  readonly tls: Readonly<Record<string, TlsGrade>>;
}

export interface Known extends Finding {
  /** The look that found it first. */
  readonly since: string;
}

/** What could not be looked at, and so is neither good nor bad. */
export interface Unlooked extends Subject {
  readonly why: string;
}

export interface Blind extends Unlooked {
  readonly since: string;
}

export interface TlsGrade {
  readonly at: string;
  readonly grade: Grade;
  /** What keeps it from a better one. */
  readonly because: readonly string[];
  /** Of its certificate's key: by RSA's measure. */
  readonly bits?: number;
}
