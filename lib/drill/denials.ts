import type { CloudEvent, EventLog } from "../local-cloud/event-log.ts";

/** What roles asked for and their policies do not allow, each once: `sla-flip may not s3:PutObject on arn:…`. */
export const denialsIn = (events: readonly CloudEvent[]): readonly string[] => [
  ...new Set(events.filter(isDenial).map(({ detail }) => denialText(detail))),
];

/** Tells each as soon as it happens, and once. */
export function hearDenials(log: EventLog, tell: (denial: string) => void): void {
  const told = new Set<string>();
  log.listen((event) => {
    if (!isDenial(event)) return;
    const text = denialText(event.detail);
    if (!told.has(text)) tell(text);
    told.add(text);
  });
}

const isDenial = ({ service, operation }: CloudEvent) =>
  service === "iam" && operation === "Denied";

export function denialText({ caller, action, resource }: CloudEvent["detail"]): string {
  const who = String(caller).split("/").slice(1, 2).join("") || caller;
  return `${who} may not ${action} on ${resource}`;
}
