import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { createSecureContext } from "node:tls";
import { type Clock, FLOORS } from "../kernel/clock.ts";
import { type Answered, type Limits, readAnswer } from "./http-answer.ts";
import type { Look, Patience, Prober } from "./prober.ts";
import { reasonOf } from "./reasons.ts";

const HEADERS = { "user-agent": "hosting-sla-probe", accept: "*/*" };
/** A connection that is kept would go on to the old address after DNS has moved. */
const FRESH = { keepAlive: false, maxSockets: Number.POSITIVE_INFINITY };

/** Without the post-quantum shares that OpenSSL sends first: a look has no secret to keep, and they cost time. */
const CURVES = "X25519:P-256:P-384:P-521";

/** Certificates are validated against Node's roots; the first look at an https URL loads them. */
export function httpProber(clock: Clock): Prober {
  const open = opener();
  return {
    async look(url, patience): Promise<Look> {
      const began = clock.now().getTime();
      const tookMs = () => clock.now().getTime() - began;
      try {
        const answer = await answerTo(open(checked(url)), limitsOf(patience, clock));
        const { certificateEnds, ...seen } = answer;
        const left = certificateEnds && daysBetween(clock.now(), certificateEnds);
        return {
          kind: "answered",
          ...seen,
          tookMs: tookMs(),
          ...(left !== undefined && { certificateDaysLeft: left }),
        };
      } catch (cause) {
        return { kind: "failed", reason: reasonOf(cause), tookMs: tookMs() };
      }
    },
  };
}

function checked(url: string): URL {
  const parsed = URL.parse(url);
  if (!parsed) throw new TypeError(`not a URL: '${url}'`);
  if (parsed.protocol === "https:" || parsed.protocol === "http:") return parsed;
  throw new TypeError(`only http and https can be probed, not '${parsed.protocol}'`);
}

const daysBetween = (from: Date, to: Date) =>
  Math.floor((to.getTime() - from.getTime()) / 86_400_000);

const limitsOf = ({ connectSeconds, answerSeconds }: Patience, clock: Clock): Limits => ({
  connectMs: clock.paced(connectSeconds, FLOORS.probeMs),
  answerMs: clock.paced(answerSeconds, FLOORS.probeMs),
  noConnection: `no connection in ${connectSeconds} s`,
  noAnswer: `no answer in ${answerSeconds} s`,
});

type Request = ReturnType<typeof httpRequest>;

function opener(): (url: URL) => Request {
  const plain = new HttpAgent(FRESH);
  let secure: HttpsAgent | undefined;
  return (url) => {
    if (url.protocol === "http:") return httpRequest(url, { agent: plain, headers: HEADERS });
    // A resumed session skips the certificate; roots parsed for each connection would cost more than it.
    secure ??= new HttpsAgent({
      ...FRESH,
      maxCachedSessions: 0,
      secureContext: createSecureContext({ ecdhCurve: CURVES }),
    });
    return httpsRequest(url, { agent: secure, headers: HEADERS });
  };
}

/** Rejects with the first thing that goes wrong; the connection is closed in any case. */
function answerTo(request: Request, limits: Limits): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const after = (ms: number, why: string) => setTimeout(() => reject(new Error(why)), ms);
  let timer = after(limits.connectMs, limits.noConnection);
  request
    .on("socket", (socket) =>
      socket.once("connect", () => {
        clearTimeout(timer);
        timer = after(limits.answerMs, limits.noAnswer);
      }),
    )
    .on("response", (response) => readAnswer(response).then(resolve, reject))
    .on("error", reject)
    .end();
  return promise.finally(() => {
    clearTimeout(timer);
    request.destroy();
  });
}
