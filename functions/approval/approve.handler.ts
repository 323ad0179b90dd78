import { s3Ledgers } from "../aws/s3-ledger.ts";
import { stepFunctionsWaker } from "../aws/sfn-waker.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { acknowledgeLink, isAckPath } from "./acknowledge.ts";
import { answerLink, type UrlRequest } from "./answer.ts";
import { htmlOf, PAGE_HEADERS, TROUBLE_PAGE } from "./page.ts";

const env = parseEnv({ SLA_ACCOUNT: text, AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const ledger = s3Ledgers({ account: env.SLA_ACCOUNT, clock })(env.AWS_REGION);
const desk = { ledger, clock, waker: stepFunctionsWaker(clock) };

export const handler = lambda(async (request: UrlRequest) => {
  const answer = isAckPath(request.rawPath) ? acknowledgeLink : answerLink;
  const page = await answer(request, desk).catch((cause: unknown) => {
    console.error(JSON.stringify({ level: "error", code: "NotAnswered", message: String(cause) }));
    return TROUBLE_PAGE;
  });
  return { statusCode: page.status, headers: PAGE_HEADERS, body: htmlOf(page) };
});
