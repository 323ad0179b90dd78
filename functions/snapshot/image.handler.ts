import { ec2ImageTaking } from "../aws/ec2-image-shelf.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import type { TakeRequest } from "./contract.ts";
import { takeEach } from "./take.ts";

const env = parseEnv({ AWS_REGION: text }, process.env);
const shelf = ec2ImageTaking(clockFrom(process.env), { region: env.AWS_REGION });

export const handler = lambda(async ({ takes }: TakeRequest) => ({
  outcomes: await takeEach(takes, shelf),
}));
