import * as z from "zod/mini";
import type { Priority } from "../../lib/sla/service-terms.ts";
import { type ApiBody, bodyText } from "../kernel/http-api.ts";
import { TICKET_ID } from "./contract.ts";
import type { Said } from "./say.ts";

/** What a helpdesk says of a ticket. */
export interface Wish {
  readonly said: Said;
  /** The helpdesk's own name of the ticket, the reply or the change: the same again is the same. Closing has none. */
  readonly name: string;
  readonly instance?: string | undefined;
  /** ISO 8601; absent: now. */
  readonly at?: string | undefined;
}

export interface Mistake {
  readonly place: string;
  /** As it was sent, cut where it is long; absent: nothing was. */
  readonly value?: string;
  readonly allowed: string;
}

/** Why a request is closed that nobody has answered. */
export const CLOSE_REASONS = ["duplicate", "merged", "withdrawn", "no-request"] as const;

const LARGEST = 2048;

const matching = (error: string, pattern: RegExp) =>
  z.string({ error }).check(z.regex(pattern, { error }));
const nameOf = (what: string) =>
  matching(
    `the helpdesk's name of the ${what}: up to 63 letters, digits, dots, dashes and underscores`,
    TICKET_ID,
  );
const priority = z.pipe(
  z.enum(["P1", "P2", "P3", "P4"], { error: "P1, the most urgent, to P4" }),
  z.transform((text) => Number(text[1]) as Priority),
);
const subject = matching(
  "a reference without spaces, like a ticket's address: never a customer's words",
  /^[\w.~:/?#=&%+-]{1,200}$/,
);
const instance = matching(
  "the id of an instance of the fleet, like acme",
  /^[a-z][a-z0-9-]{0,62}$/,
);
const at = z.optional(
  z.iso.datetime({
    offset: true,
    error: "ISO 8601 with a zone, like 2026-11-22T14:03:00+01:00",
  }),
);
const paging = z.optional(
  z.boolean({ error: "true where on-call paging was asked for, else false" }),
);
const common = { at, instance: z.optional(instance) };

/** A kind of body, and what it says. */
const body = <T extends z.core.$ZodShape>(
  shape: T,
  says: (data: z.infer<z.ZodMiniObject<T>>) => Wish,
) => {
  const schema = z.strictObject(shape);
  return {
    keys: Object.keys(shape),
    read(value: unknown): Wish | { readonly issue: z.core.$ZodIssue | undefined } {
      const { data, error } = schema.safeParse(value);
      return error ? { issue: error.issues[0] } : says(data as z.infer<z.ZodMiniObject<T>>);
    },
  };
};

const BODIES = {
  open: body(
    { id: nameOf("ticket"), instance, priority, subject: z.optional(subject), paging, at },
    ({ id, subject: title = id, paging: isPaged = false, ...it }) => ({
      ...{ name: id, at: it.at, instance: it.instance },
      said: { kind: "opened", title, priority: it.priority, isPaged },
    }),
  ),
  reply: body(
    {
      id: nameOf("reply"),
      kind: z.enum(["person", "automatic"], {
        error: "person, or automatic for what a machine sent: that stops no clock",
      }),
      ...common,
    },
    ({ id, kind, ...rest }) => ({
      ...{ name: id, ...rest },
      said: { kind: kind === "person" ? "replied" : "acknowledged" },
    }),
  ),
  prioritise: body(
    { id: nameOf("change"), priority, paging, ...common },
    ({ id, paging: isPaged = false, priority: next, ...rest }) => ({
      ...{ name: id, ...rest },
      said: { kind: "prioritised", reason: "by the helpdesk", priority: next, isPaged },
    }),
  ),
  close: body(
    {
      reason: z.optional(z.enum(CLOSE_REASONS, { error: CLOSE_REASONS.join(", ") })),
      ...common,
    },
    ({ reason, ...rest }) => ({
      ...{ name: "", ...rest },
      said: { kind: "closed", ...(reason !== undefined && { reason }) },
    }),
  ),
} as const;
export type Act = keyof typeof BODIES;

/** What a body says, or its first mistake. */
export function wishOf(act: Act, request: ApiBody): Wish | { readonly mistake: Mistake } {
  const text = bodyText(request);
  if (text.length > LARGEST) {
    return { mistake: { place: "body", allowed: `at most ${LARGEST} characters` } };
  }
  const { keys, read } = BODIES[act];
  const value = parsed(text);
  const found = read(value);
  return "issue" in found ? { mistake: mistakeOf(keys, value, found.issue) } : found;
}

function mistakeOf(
  keys: readonly string[],
  value: unknown,
  issue: z.core.$ZodIssue | undefined,
): Mistake {
  const all = keys.join(", ");
  if (issue?.code === "unrecognized_keys") {
    return { place: issue.keys.join(", "), allowed: `no other keys than ${all}` };
  }
  const [key] = issue?.path ?? [];
  if (key === undefined || !issue) {
    return { place: "body", ...shown(value), allowed: `a JSON object with ${all}` };
  }
  const found = (value as Readonly<Record<PropertyKey, unknown>>)[key];
  return { place: String(key), ...shown(found), allowed: issue.message };
}

function shown(value: unknown): { readonly value?: string } {
  if (value === undefined || value === "") return {};
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { value: text.length > 60 ? `${text.slice(0, 59)}…` : text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
