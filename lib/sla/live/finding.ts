/** What of an account is looked at, each by itself: one may be silent while the others answer. */
export const AREAS = [
  "regions",
  "bootstrap",
  "quotas",
  "subscriptions",
  "sealed networks",
  "health checks",
  "roles",
  "databases",
  "replication",
  "parameters",
  "names",
  "secrets",
  "TLS",
] as const;
export type Area = (typeof AREAS)[number];

/** An area of an instance, a region, or of the account. */
export interface Subject {
  readonly area: Area;
  readonly about: string;
}

/** Something of a deployed fleet that is not as it has to be. */
export interface Finding extends Subject {
  /** `broken`: a promise hangs on it. `risk`: it will, on some night. */
  readonly weight: "broken" | "risk";
  /** Which of its subject's, in words that do not change while it lasts: by it another look knows it again. */
  readonly of: string;
  readonly says: string;
  /** The command, or what else a person does. */
  readonly mend?: string;
}

type Said = Omit<Finding, "weight" | keyof Subject>;

/** Both kinds of finding about one subject. */
export const findingsOf = ({ area, about }: Subject) => ({
  broken: (said: Said): Finding => ({ weight: "broken", area, about, ...said }),
  risk: (said: Said): Finding => ({ weight: "risk", area, about, ...said }),
});

/** Whether it can be typed as it stands. */
export const isCommand = (mend: string | undefined): boolean =>
  mend !== undefined && /^(aws|npx|npm) /.test(mend);
