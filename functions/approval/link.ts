import { timingSafeEqual } from "node:crypto";
import { ACTIONS, type Action, type Approval, macOf, type Seal } from "./contract.ts";

/** A link as it came; nothing in it is proved yet. */
export interface Link {
  readonly action: Action;
  readonly instance: string;
  readonly failover: string;
  readonly asked: number;
  readonly mac: string;
}

const PATH =
  /^\/(?<action>[a-z]+)\/(?<instance>[a-z][a-z0-9-]{0,39})\/(?<failover>[\w-]{1,80})\/(?<asked>\d{1,3})\/(?<mac>[\w-]{43})$/;

export function linkIn(rawPath: string): Link | undefined {
  const { action = "", instance, failover, asked, mac } = PATH.exec(rawPath)?.groups ?? {};
  if (!isAction(action) || !instance || !failover || !mac) return undefined;
  return { action, instance, failover, asked: Number(asked), mac };
}

const isAction = (text: string): text is Action => Object.hasOwn(ACTIONS, text);

/** Whether we made this link for somebody who was asked. */
export function isOurs(
  { action, asked, mac }: Link,
  approval: Approval,
  { secret }: Seal,
): boolean {
  if (asked >= approval.asked.length) return false;
  const [mine, theirs] = [macOf(secret, approval, action, asked), mac].map((text) =>
    Buffer.from(text),
  );
  return mine !== undefined && theirs?.length === mine.length && timingSafeEqual(mine, theirs);
}
