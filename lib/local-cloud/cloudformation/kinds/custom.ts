import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FunctionError } from "../../lambda/function.ts";
import { type Creation, type Creator, nameOf, required } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import { isObject } from "../template.ts";

/** After its function has returned, an answer is on its way or will never come. Real time. */
const GRACE_MS = 2000;

/** Custom::… and AWS::CloudFormation::CustomResource: a Create or Update event to the function, and its answer. */
export const custom: Creator = async (creation) => {
  const { before } = creation;
  const about = before
    ? {
        RequestType: "Update",
        PhysicalResourceId: before.created.ref,
        OldResourceProperties: texts(before.properties),
      }
    : { RequestType: "Create" };
  const { PhysicalResourceId, Data } = await answerTo(creation, about);
  const ref = PhysicalResourceId ?? before?.created.ref ?? nameOf(creation, "");
  return { ref, ...(Data && { attributes: Data }) };
};

/** The Delete event of one that is no longer wanted. */
export const removeCustom = (creation: Creation, PhysicalResourceId: string): Promise<unknown> =>
  answerTo(creation, { RequestType: "Delete", PhysicalResourceId });

async function answerTo(creation: Creation, about: Readonly<Record<string, unknown>>) {
  const { region, targets, responses } = creation;
  const [, , , home, , , name] = required(creation, "ServiceToken").split(":");
  if (home !== region || name === undefined) {
    throw new AssemblyRefused(
      `ServiceToken ${creation.properties["ServiceToken"]}: expected a function of ${region}`,
    );
  }
  const { url, response } = responses.expect();
  const event = JSON.stringify({ ...eventOf(creation, url), ...about });
  const returned = targets.lambda.invoke({ region, name, payload: event }).then(async (outcome) => {
    if (outcome.kind === "failed") throw new AssemblyRefused(failure(name, outcome.error));
    await sleep(GRACE_MS, undefined, { ref: false });
    throw new AssemblyRefused(`function ${name} ended without an answer to its ResponseURL`);
  });
  const answer = await Promise.race([response, returned]);
  const { Status, Reason } = answer;
  // Whichever was slower has nothing to say any more.
  returned.catch(() => undefined);
  if (Status !== "SUCCESS") {
    throw new AssemblyRefused(
      `function ${name} answered ${Status}: ${Reason ?? "no reason given"}`,
    );
  }
  return answer;
}

const failure = (name: string, { errorType, errorMessage }: FunctionError) =>
  `function ${name} failed: ${errorType}: ${errorMessage}`;

const eventOf = ({ type, logicalId, properties, stackId }: Creation, ResponseURL: string) => ({
  ServiceToken: properties["ServiceToken"],
  ResponseURL,
  StackId: stackId,
  RequestId: randomUUID(),
  LogicalResourceId: logicalId,
  ResourceType: type,
  ResourceProperties: texts(properties),
});

/** CloudFormation sends every scalar as text. */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(texts);
  if (!isObject(value)) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, texts(item)]));
}
