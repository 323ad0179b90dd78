import { ec2ImageCopying } from "../aws/ec2-image-shelf.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import type { ReplicateRequest } from "./contract.ts";
import { copyEach } from "./replicate.ts";

const env = parseEnv({ AWS_REGION: text }, process.env);
const shelf = ec2ImageCopying(clockFrom(process.env), { region: env.AWS_REGION });

export const handler = lambda(async ({ copies }: Pick<ReplicateRequest, "copies">) => ({
  outcomes: await copyEach(copies, shelf),
}));
