import * as z from "zod/mini";
import { parseDuration } from "../../lib/sla/duration.ts";
import { type ApiBody, bodyText } from "../kernel/http-api.ts";
import { EXPIRY } from "./contract.ts";

const LARGEST = 1024;

const wishSchema = z.strictObject({
  backup: z.optional(z.string().check(z.regex(/^[a-z][a-z0-9-]{0,254}$/))),
  expires: z.optional(z.string()),
});

type Wish =
  | { readonly backup?: string; readonly expiresSeconds: number }
  | { readonly mistake: string };

/** What a customer wants a link to, `{"backup"?, "expires"?}`; no body is the newest copy, for a week. */
export function linkWish(request: ApiBody): Wish {
  const text = bodyText(request);
  if (text.length > LARGEST) return { mistake: `expected at most ${LARGEST} characters` };
  if (text.trim() === "") return { expiresSeconds: EXPIRY.usual };
  const { data, error } = wishSchema.safeParse(parsed(text));
  if (error) return { mistake: `${where(error.issues[0]?.path)}: ${ALLOWED}` };
  const { backup, expires } = data;
  const expiresSeconds = expires === undefined ? EXPIRY.usual : secondsIn(expires);
  if (!(expiresSeconds >= EXPIRY.least && expiresSeconds <= EXPIRY.most)) {
    return {
      mistake: `expires: '${expires}': expected how long the link works, 15m to 30d, like 7d`,
    };
  }
  return { expiresSeconds, ...(backup !== undefined && { backup }) };
}

const ALLOWED =
  'expected JSON like {"backup": "sla-acme-…", "expires": "7d"}, both of which may be left out';

const where = (path: readonly PropertyKey[] = []) => path.map(String).join(".") || "body";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function secondsIn(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return Number.NaN;
  }
}
