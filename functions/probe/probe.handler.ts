import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import type { ProbeAnswer, ProbeRequest } from "./contract.ts";
import { httpProber } from "./http-prober.ts";
import { probe } from "./probe.ts";

const { AWS_REGION: vantage } = parseEnv({ AWS_REGION: text }, process.env);
const prober = httpProber(clockFrom(process.env));

export const handler = lambda<ProbeRequest, ProbeAnswer>((request) =>
  probe(request, vantage, prober),
);
