import * as client from "@aws-sdk/client-lambda";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";
import { frozenShelf } from "../../../lib/operator/frozen-shelf.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

type Answer = () => Promise<Record<string, unknown>>;
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const gone: Answer = async () => {
  throw new AwsError("ResourceNotFoundException", "Function not found", 404);
};

/** What Lambda says next. */
let says: Answer = gone;
const asked: unknown[] = [];
const cloud = await running([
  {
    ...{ name: "lambda", client },
    operations: {
      Invoke: async (input: client.InvocationRequest) => {
        asked.push([input.FunctionName, JSON.parse(String(Buffer.from(input.Payload ?? [])))]);
        return says();
      },
      GetFunctionUrlConfig: async () => says(),
    },
  },
]);
afterAll(() => cloud.server.close());

beforeEach(() => {
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
});
const shelf = () => frozenShelf(clockFrom({}));

describe("what is frozen", () => {
  it("is asked of the function that may look into the bucket", async () => {
    says = async () => ({ StatusCode: 200, Payload: bytes([{ backup: "b1" }]) });
    expect(await shelf().copies("eu-west-1", "acme")).toEqual([{ backup: "b1" }]);
    expect(asked).toEqual([["sla-freeze", { copiesOf: "acme" }]]);
  });

  it.each<[string, Answer, RegExp]>([
    ["is not deployed", gone, /Function not found.*deploy its site/],
    [
      "cannot look",
      async () => ({
        ...{ StatusCode: 200, FunctionError: "Unhandled" },
        Payload: bytes({ errorType: "FrozenMissing", errorMessage: "no such bucket" }),
      }),
      /eu-west-1: nobody says.*no such bucket.*deploy its site and the stack of the frozen account/,
    ],
  ])(
    "is said by nobody where that function %s: one line, and who has to act",
    async (_how, answer, said) => {
      says = answer;
      const failure = await shelf()
        .copies("eu-west-1", "acme")
        .catch((cause: unknown) => cause);
      expect(failure).toMatchObject({ name: "UserError", exitCode: 1 });
      expect(String(failure)).toMatch(said);
    },
  );
});

describe("where links are answered", () => {
  it("is said by Lambda, or nowhere", async () => {
    says = async () => ({ FunctionUrl: "https://id.on.aws/" });
    expect(await shelf().page("eu-west-1")).toBe("https://id.on.aws/");
    says = gone;
    expect(await shelf().page("eu-west-1")).toBeUndefined();
  });
});
