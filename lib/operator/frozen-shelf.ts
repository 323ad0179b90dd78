import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { clientSettings } from "../../functions/aws/clients.ts";
import { answered, errorName } from "../../functions/aws/cloud-errors.ts";
import { lambdaCalls } from "../../functions/aws/lambda-call.ts";
import { DOWNLOAD_FUNCTION } from "../../functions/download/contract.ts";
import {
  FREEZE_FUNCTION,
  type FrozenCopy,
  type FrozenQuestion,
} from "../../functions/freeze/contract.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { UserError } from "../cli/user-error.ts";

/** Frozen copies as their region knows them; nobody else may look into their bucket. */
export interface FrozenShelf {
  /** The oldest first. */
  copies(region: string, instance: string): Promise<readonly FrozenCopy[]>;
  /** Where links to them are answered; undefined where nothing does. */
  page(region: string): Promise<string | undefined>;
}

/** It reads the manifest of each of them. */
const ANSWER = { answerSeconds: 60, answerFloorMs: 30_000 } as const;

export function frozenShelf(clock: Clock): FrozenShelf {
  const call = lambdaCalls(clock, ANSWER);
  return {
    async copies(region, instance) {
      const question: FrozenQuestion = { copiesOf: instance };
      try {
        return await call<readonly FrozenCopy[]>(region, FREEZE_FUNCTION, question);
      } catch (cause) {
        throw unaskable(region, cause);
      }
    },
    page: (region) => pageIn(region, clock),
  };
}

/** Not deployed, or of a version that does not know the question, or kept out of its bucket. */
function unaskable(region: string, cause: unknown): unknown {
  const isAbsent = errorName(cause) === "ResourceNotFoundException";
  const hasFailed = cause instanceof SlaError && cause.code === "FunctionFailed";
  if (!isAbsent && !hasFailed) return cause;
  const why = `${(cause as Error).message}; deploy its site and the stack of the frozen account (npm run deploy)`;
  return new UserError(`${region}: nobody says what is frozen there: ${why}`, 1, { cause });
}

async function pageIn(region: string, clock: Clock): Promise<string | undefined> {
  const client = new LambdaClient(clientSettings(clock, { region }));
  const asked = client.send(new GetFunctionUrlConfigCommand({ FunctionName: DOWNLOAD_FUNCTION }));
  try {
    return (await answered(`ask ${region} where links are answered`, asked)).FunctionUrl;
  } catch (cause) {
    if (errorName(cause) === "ResourceNotFoundException") return undefined;
    throw cause;
  } finally {
    client.destroy();
  }
}
