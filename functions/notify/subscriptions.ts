import type { Fleet } from "../../lib/sla/fleet.ts";
import { recipients } from "../../lib/sla/recipients.ts";
import { SlaError } from "../kernel/errors.ts";
import { ALERTS_TOPIC, OPERATORS_TOPIC, RECIPIENT_ATTRIBUTE } from "./contract.ts";

/** A mail address that a topic of a region has, confirmed or not. */
export interface Subscribed {
  readonly topic: string;
  readonly address: string;
  readonly isConfirmed: boolean;
}

/** An address that hears nothing until somebody clicks in the mail that SNS sent it. */
export interface Unconfirmed {
  readonly region: string;
  readonly topic: string;
  readonly topicArn: string;
  readonly address: string;
  /** `missing`: nobody clicked in time, and SNS has forgotten it; or whoever has it wanted no more mails. */
  readonly state: "pending" | "missing";
}

/** Of all who have to hear of a site, those who do not. */
export function unconfirmedOf(
  fleet: Fleet,
  region: string,
  subscribed: readonly Subscribed[],
): readonly Unconfirmed[] {
  const wanted = [
    ...recipients(fleet, region).map((address) => ({ topic: ALERTS_TOPIC, address })),
    { topic: OPERATORS_TOPIC, address: fleet.provider.contact },
  ];
  return wanted.flatMap(({ topic, address }): Unconfirmed[] => {
    const own = subscribed.filter((each) => each.topic === topic && isSame(each.address, address));
    if (own.some(({ isConfirmed }) => isConfirmed)) return [];
    const topicArn = `arn:aws:sns:${region}:${fleet.provider.account}:${topic}`;
    return [{ region, topic, topicArn, address, state: own.length > 0 ? "pending" : "missing" }];
  });
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** A command, for a shell, that lets SNS ask an address anew; lines of at most 80 columns unless the address is longer. */
export function subscribeCommand({ region, topic, topicArn, address }: Unconfirmed): string[] {
  const filter = JSON.stringify({ [RECIPIENT_ATTRIBUTE]: [address] });
  const attributes = JSON.stringify({ FilterPolicy: filter });
  const parts = [
    `aws sns subscribe --region ${region} --protocol email`,
    `--topic-arn ${topicArn}`,
    `--notification-endpoint ${quoted(address)}`,
    ...(topic === ALERTS_TOPIC ? [`--attributes ${quoted(attributes)}`] : []),
  ];
  return parts.map((part, index) => (index === parts.length - 1 ? part : `${part} \\`));
}

/** For a shell: an address may hold an apostrophe. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Throws `Unconfirmed`, which an alarm looks for: who would be told by mail may be the one who does not get any. */
export function allConfirmed(unconfirmed: readonly Unconfirmed[]): { readonly unconfirmed: 0 } {
  if (unconfirmed.length === 0) return { unconfirmed: 0 };
  const who = unconfirmed
    .map(({ address, topic, state }) => `${address} (${topic}, ${state})`)
    .join(", ");
  throw new SlaError("Unconfirmed", "operator", `not confirmed, so not told anything: ${who}`);
}
