import type { TlsSeen } from "../../lib/sla/tls.ts";

/** What one look at a URL found. Only an answer says something about the application. */
export type Look =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** Where a redirect points. */
      readonly location?: string;
      /** At most the first 5,120 bytes, as text. */
      readonly body: string;
      readonly tookMs: number;
      readonly certificateDaysLeft?: number;
    }
  | { readonly kind: "failed"; readonly reason: string; readonly tookMs: number };

/** Shakes hands only: tls-look.ts is the real one. Never rejects; undefined where a URL is not https, or nobody shook hands. */
export interface Handshakes {
  look(url: string, patience: Patience): Promise<Omit<TlsSeen, "vantage" | "at"> | undefined>;
}

/** Seconds of plan time. */
export interface Patience {
  /** Name looked up and connection made. */
  readonly connectSeconds: number;
  /** From the connection on: handshake, head and body. */
  readonly answerSeconds: number;
}

/** Looks at one URL. http-prober.ts is the real one. Never rejects: whatever goes wrong is a look too. */
export interface Prober {
  look(url: string, patience: Patience): Promise<Look>;
}
