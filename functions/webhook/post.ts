import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { Clock } from "../kernel/clock.ts";
import { checkLiteral, guardedLookup, type Reach } from "./addresses.ts";
import type { Answer } from "./contract.ts";

export interface Parcel {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Never rejects: whatever goes wrong is an answer. */
export type Send = (parcel: Parcel) => Promise<Answer>;

const ANSWER_SECONDS = 10;
const ANSWER_FLOOR_MS = 2000;
const SAID_CHARACTERS = 200;

/**
 * One POST on a connection of its own, at most ten seconds from beginning to end. A redirect is not followed: it would lead where nobody
 * has looked. Of the answer a few words are read, the rest is left.
 */
export function sender(clock: Clock, reach: Reach): Send {
  const limitMs = clock.paced(ANSWER_SECONDS, ANSWER_FLOOR_MS);
  return async ({ url, headers, body }) => {
    const signal = AbortSignal.timeout(limitMs);
    try {
      return await exchange(new URL(url), { headers, body, signal }, reach);
    } catch (cause) {
      if (signal.aborted) return { ok: false, said: `no answer within ${ANSWER_SECONDS} seconds` };
      return { ok: false, said: wordsOf(cause) };
    }
  };
}

interface Posting {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

async function exchange(url: URL, posting: Posting, reach: Reach): Promise<Answer> {
  const { headers, body, signal } = posting;
  if (url.protocol !== "https:" && !(url.protocol === "http:" && reach.name === "loopback"))
    return { ok: false, said: `${url.protocol} is not sent to: only https is` };
  checkLiteral(url, reach);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (url.protocol === "https:" ? secureRequest : plainRequest)(
    url,
    {
      method: "POST",
      agent: false,
      lookup: guardedLookup(reach),
      signal,
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "user-agent": "hosting-sla-webhook/1",
        ...headers,
      },
    },
    resolve,
  );
  request.on("error", reject);
  request.end(body);
  const response = await promise;
  try {
    // What it is said with may break off: the status stands.
    return answerOf(response, await beginningOf(response).catch(() => ""));
  } finally {
    request.destroy();
  }
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const piece of response) {
    text += piece as string;
    if (text.length >= SAID_CHARACTERS) break;
  }
  return plain(text);
}

/** Whatever a receiver or its certificate says, it is shown in a terminal. */
const plain = (text: string) =>
  text
    .slice(0, SAID_CHARACTERS)
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ")
    .trim();

function answerOf({ statusCode: status = 0, headers }: IncomingMessage, text: string): Answer {
  const ok = status >= 200 && status < 300;
  if (status >= 300 && status < 400 && headers.location !== undefined)
    return { ok, status, said: "a redirect, which is not followed" };
  return { ok, status, said: text };
}

function wordsOf(cause: unknown): string {
  const { message, code } = cause as Partial<NodeJS.ErrnoException>;
  return plain([code, message].filter((part) => part !== undefined && part !== "").join(": "));
}
