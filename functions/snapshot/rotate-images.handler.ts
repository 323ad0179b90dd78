import { ec2ImageRemoving } from "../aws/ec2-image-shelf.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import type { RotateRequest } from "./contract.ts";
import { rotate } from "./rotate.ts";

const env = parseEnv({ AWS_REGION: text }, process.env);
const shelf = ec2ImageRemoving(clockFrom(process.env), { region: env.AWS_REGION });

export const handler = lambda(async (event: RotateRequest) => rotate(event, shelf));
