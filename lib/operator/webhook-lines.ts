import type { Answer } from "../../functions/webhook/contract.ts";
import type { HookFailure } from "../../functions/webhook/stuck.ts";
import { formatDuration } from "../sla/duration.ts";
import { hanging } from "./hanging.ts";
import type { Held } from "./webhooks.ts";
import type { WebhookStatus } from "./webhooks-now.ts";

/** What a receiver said to a test, from each site. */
export const answerLines = (
  answers: readonly (Answer & { readonly site: string })[],
): readonly string[] =>
  answers.flatMap(({ site, ok, status, said }) =>
    hanging(`${site}: `, [ok ? "taken" : "NOT TAKEN", status, said].filter(Boolean).join(", ")),
  );

/** An event in two lines: what it is, and what became of it. */
export const heldLines = (held: readonly Held[]): readonly string[] =>
  held.flatMap(({ site, outgoing: { event, state, attempts, last } }) => [
    ...hanging("", `${event.id} ${state}, ${attempts} attempts from ${site}`),
    ...hanging("  ", `${event.at.slice(0, 19)}Z ${event.instance}: ${event.title}`),
    ...(last && state !== "delivered"
      ? hanging(
          "  ",
          `${last.at.slice(0, 19)}Z: ${[last.status, last.said].filter(Boolean).join(", ")}`,
        )
      : []),
  ]);

const SAYS: Readonly<Record<HookFailure, string>> = {
  "not-tried": "not tried yet",
  "no-response": "no response",
  redirected: "redirected, which is not followed",
  refused: "refused",
  failing: "receiver fails",
};

/** What its receiver last said, or that it said nothing. */
export function failureWords({ is, status, said }: NonNullable<WebhookStatus["failure"]>): string {
  const detail = [status === undefined ? [] : [`HTTP ${status}`], said ?? []].flat().join(", ");
  return detail === "" ? SAYS[is] : `${SAYS[is]} (${detail})`;
}

/** A line of `sla status`; none where all is taken in time. */
export function webhookWords(hook: WebhookStatus): readonly string[] {
  const { webhook, stuck, failure } = hook;
  if (!stuck) return [];
  const why = failure ? `; last: ${failureWords(failure)}` : "";
  return [`webhook ${webhook}: ${untakenWords(hook)}${why}: sla webhook list ${webhook}`];
}

/** `3 wait, the oldest for 47m (acme: incident opened), 1 given up` */
export function untakenWords({ waiting, givenUp, oldest, unread }: WebhookStatus): string {
  const since = oldest
    ? [
        `${waiting} ${waiting === 1 ? "waits" : "wait"}, the oldest for ${formatDuration(minutes(oldest.ageSeconds))} (${oldest.instance}: ${oldest.title})`,
      ]
    : [];
  return [
    ...since,
    ...(givenUp > 0 ? [`${givenUp} given up`] : []),
    ...(unread > 0 ? [`${unread} older ones not looked at`] : []),
  ].join(", ");
}

/** Whole ones, where it is more than one. */
const minutes = (seconds: number) =>
  seconds < 60 ? Math.round(seconds) : Math.floor(seconds / 60) * 60;
