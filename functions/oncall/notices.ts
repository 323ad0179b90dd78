import type { NextCall } from "../../lib/sla/on-call.ts";
import type { Notice } from "../notify/contract.ts";
import type { Ack, Call } from "./contract.ts";

const minutesSince = (openedAt: string, at: string) =>
  Math.round((Date.parse(at) - Date.parse(openedAt)) / 60_000);

export const calledNotice = (
  { instance, id, title, lines, openedAt }: Call,
  { contact, number }: NextCall,
  at: string,
): Notice => ({
  ...{ kind: "person-called", instance, incident: id, occasion: `call-${number}`, to: contact, at },
  lines: [
    `${title}, told at ${openedAt}: nobody has acknowledged it for ${minutesSince(openedAt, at)} minutes. This is call ${number}.`,
    ...lines,
    "Whoever acknowledges it takes care of it. Until somebody does, the next on call is called.",
    `npx sla ack ${id} --instance ${instance} --reason '...'`,
  ],
});

/** To one of those who were called. */
export const overNotice = (
  { instance, id, title }: Call,
  to: string,
  because: Ack | "over",
  at: string,
): Notice => ({
  ...{ kind: "call-over", instance, incident: id, to, at },
  lines: [
    because === "over"
      ? `${title}: that is over.`
      : `${title}: ${because.by} takes care of it since ${because.at}: ${because.reason}.`,
    "You were called for it, and are not any more.",
  ],
});
