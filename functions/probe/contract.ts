import type { TlsSeen } from "../../lib/sla/tls.ts";

/** Deployed in every vantage region and every site. */
export const PROBE_FUNCTION = "sla-probe";

/**
 * Most targets of one invocation. All are looked at at once: were there more and none of them answered,
 * the last would wait for the first, and the whole answer would come too late to count.
 */
export const PROBE_BATCH = 150;

export interface ProbeRequest {
  readonly targets: readonly ProbeTarget[];
  /** URLs that answer unless this vantage itself is cut off. */
  readonly controls: readonly string[];
  /** Seconds of plan time. */
  readonly connectSeconds: number;
  readonly answerSeconds: number;
}

export interface ProbeTarget {
  readonly id: string;
  readonly url: string;
  /** Text the first 5,120 bytes of the body must contain. */
  readonly expect?: string;
  /** Its TLS is looked at as well. */
  readonly tls?: true;
}

export interface ProbeAnswer {
  readonly vantage: string;
  /** No control target answered: this vantage abstains, its results say nothing of the instances. */
  readonly blind: boolean;
  readonly results: readonly ProbeResult[];
}

export interface ProbeResult {
  readonly id: string;
  readonly good: boolean;
  /** Why it is bad, in a few words: `refused`, `no answer in 5 s`, `status 503`, `certificate expired`… */
  readonly reason?: string;
  readonly status?: number;
  readonly tookMs: number;
  readonly certificateDaysLeft?: number;
  /** Where it was asked for. */
  readonly tls?: Omit<TlsSeen, "vantage" | "at">;
}

/** Plan-time seconds, as in Route 53's own health checks (4 s connect, 2 s answer), a little wider. */
export const PROBE_TIMEOUTS = { connectSeconds: 3, answerSeconds: 5 } as const;
