import type { Answer } from "../../functions/webhook/contract.ts";
import { hanging } from "./hanging.ts";
import type { Held } from "./webhooks.ts";

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
