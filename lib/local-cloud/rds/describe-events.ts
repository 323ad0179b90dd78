import type { DescribeEventsMessage, EventsMessage } from "@aws-sdk/client-rds";
import type { CallContext } from "../wire/service.ts";
import type { BookedEvent } from "./event-book.ts";
import { pageOf } from "./pages.ts";
import type { World } from "./world.ts";

/** DescribeEvents: of the last hour unless asked otherwise, oldest first. */
export async function describeEvents(
  { events }: World,
  input: DescribeEventsMessage,
  { region }: CallContext,
): Promise<EventsMessage> {
  const minutes = input.Duration ?? 60;
  const end = input.EndTime ?? new Date();
  const start = input.StartTime ?? new Date(end.getTime() - minutes * 60_000);
  const categories = input.EventCategories ?? [];
  const wanted = ({ region: where, event }: BookedEvent) =>
    where === region &&
    (input.SourceIdentifier ?? event.SourceIdentifier) === event.SourceIdentifier &&
    (input.SourceType ?? event.SourceType) === event.SourceType &&
    (categories.length === 0 || categories.some((one) => event.EventCategories?.includes(one))) &&
    event.Date !== undefined &&
    event.Date >= start &&
    event.Date <= end;
  const key = ({ number }: BookedEvent) => String(number).padStart(12, "0");
  const { items, marker } = pageOf(events.events.filter(wanted), key, input);
  return {
    Events: items.map(({ event }) => event),
    ...(marker !== undefined && { Marker: marker }),
  };
}
