import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import type { ProbeAnswer, ProbeRequest } from "./contract.ts";
import { httpProber } from "./http-prober.ts";
import { probe } from "./probe.ts";
import { tlsHandshakes } from "./tls-look.ts";

const { AWS_REGION: vantage } = parseEnv({ AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const [prober, handshakes] = [httpProber(clock), tlsHandshakes(clock)];

export const handler = lambda<ProbeRequest, ProbeAnswer>((request) =>
  probe(request, vantage, prober, handshakes),
);
