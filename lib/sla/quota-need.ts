/** What a fleet needs of AWS in a region, and what AWS gives unless asked. */
export interface QuotaNeed {
  readonly region: string;
  readonly service: "lambda" | "rds" | "sns";
  readonly quota: string;
  /** In Service Quotas, where it is known. */
  readonly code?: string;
  readonly needs: number;
  readonly granted: number;
  /** The number to ask for; absent: what is granted will do, or AWS gives no more. */
  readonly ask?: number;
  /** What to do where AWS gives no more. */
  readonly instead?: string;
  /** How `needs` comes about. */
  readonly because: string;
}

export const roundedUp = (value: number, to: number) => Math.ceil(value / to) * to;
