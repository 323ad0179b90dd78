import type { Event } from "@aws-sdk/client-rds";

/** Whatever events are about. */
export interface Subject {
  readonly region: string;
  readonly id: string;
  readonly arn: string;
}

export interface BookedEvent {
  readonly region: string;
  /** Unique and rising: pages are cut by it. */
  readonly number: number;
  readonly event: Event;
}

/** Categories of the User Guide's event list that occur here. */
export type Category =
  | "availability"
  | "backup"
  | "configuration change"
  | "creation"
  | "deletion"
  | "failure"
  | "notification"
  | "read replica"
  | "recovery"
  | "restoration";

/** What `DescribeEvents` tells. */
export class EventBook {
  readonly events: BookedEvent[] = [];

  add(subject: Subject, category: Category, message: string): void {
    const { region, id, arn } = subject;
    const event: Event = {
      SourceIdentifier: id,
      SourceType: arn.includes(":snapshot:") ? "db-snapshot" : "db-instance",
      SourceArn: arn,
      Message: message,
      EventCategories: [category],
      Date: new Date(),
    };
    this.events.push({ region, number: this.events.length, event });
  }
}
