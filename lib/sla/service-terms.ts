/** What is promised of the service as a whole: availability and what follows when it is missed. */
export interface Availability {
  /** Of a calendar month in the plan's time zone, for example `99.9`. */
  readonly objectivePercent: string;
  /** A month with more is not proven; absent: as many as cannot change whether the objective held. */
  readonly mostUnobservedMinutes?: number;
  /** Causes whose outages do not count. */
  readonly exclusions: readonly Exclusion[];
}

export const EXCLUSIONS = [
  "planned-maintenance",
  "emergency-maintenance",
  "customer-code",
  "customer-software",
  "third-party",
  "denial-of-service",
  "customer-action",
  "customer-destination",
  "force-majeure",
  "customer-infrastructure",
  "unverified",
] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

export interface Maintenance {
  /** Hours between announcement and start; absent: announced, no time promised. */
  readonly noticeHours?: number;
  readonly channels: readonly ("e-mail" | "status-feed")[];
  readonly outsideBusinessHours: boolean;
  /** Usual upper length, a habit and not a promise. */
  readonly usuallyUnderSeconds?: number;
  readonly usually?: "monthly";
}

export interface Support {
  readonly hours: BusinessHours;
  readonly productionMonitored?: "24/7";
  readonly replies?: readonly FirstReply[];
  /** Before replies of these are missed, and when they were, whoever is on call is called; absent: P1. */
  readonly callFor?: readonly Priority[];
}

export interface BusinessHours {
  /** ISO weekdays, Monday is 1. */
  readonly weekdays: readonly number[];
  readonly from: string;
  readonly to: string;
  /** IANA name, or `local`: that of the instance's months. */
  readonly timezone: string;
  /** ISO country whose public holidays are free, or `local`. */
  readonly holidays: string;
}

export const PRIORITIES = [1, 2, 3, 4] as const;
/** 1 is the most urgent. */
export type Priority = (typeof PRIORITIES)[number];

/** A human's first reply; an automatic acknowledgement is none. */
export interface FirstReply {
  readonly priority: Priority;
  readonly within: { readonly amount: number; readonly unit: "minutes" | "hours" | "days" };
  readonly clock: "24/7" | "business-hours";
  /** Promised only if on-call paging is asked for. */
  readonly onlyWithPaging?: boolean;
}

export interface Credits {
  /** A month strictly below `belowPercent` and at or above `fromPercent` earns this much of its fee. */
  readonly bands: readonly {
    readonly belowPercent: string;
    readonly fromPercent: string;
    readonly creditPercent: number;
  }[];
  readonly capPercent: number;
  readonly claimDays: number;
  /** Absent: whoever is owed a credit may claim it. */
  readonly eligibility?: Eligibility;
}

/** Who may claim; all that is there has to be met. */
export interface Eligibility {
  /** Since it began; a month that lay in them wholly earns nothing. */
  readonly trialDays?: number;
  /** Since it began, by the end of the month. */
  readonly tenureMonths?: number;
  /** Whoever has left before the month ended has no claim. */
  readonly untilMonthEnd?: true;
  /** What only a person can check, in words. */
  readonly written?: readonly string[];
}
