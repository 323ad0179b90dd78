import { AwsError } from "../wire/service.ts";
import type { Metric, Sample } from "./metrics.ts";

/** How a period's samples become one number. */
const STATISTICS: Readonly<Record<string, (samples: readonly Sample[]) => number>> = {
  Sum: (samples) => total(samples, "sum"),
  SampleCount: (samples) => total(samples, "count"),
  Average: (samples) => total(samples, "sum") / total(samples, "count"),
  Minimum: (samples) => Math.min(...samples.map(({ min }) => min)),
  Maximum: (samples) => Math.max(...samples.map(({ max }) => max)),
};

const total = (samples: readonly Sample[], key: "sum" | "count") =>
  samples.reduce((sum, sample) => sum + sample[key], 0);

export interface Window {
  readonly from: Date | undefined;
  /** Exclusive. */
  readonly to: Date | undefined;
  readonly periodSeconds: number | undefined;
}

export interface Bucket {
  readonly at: Date;
  readonly unit: string;
  value(statistic: string): number;
}

/** A metric's samples by period, oldest first. Throws InvalidParameterValueException. */
export function bucketsOf(
  metric: Metric | undefined,
  { from, to, periodSeconds }: Window,
): Bucket[] {
  const periodMs = (periodSeconds ?? 0) * 1000;
  if (!(periodMs > 0) || !from || !to || from >= to)
    throw new AwsError(
      "InvalidParameterValueException",
      "The parameter StartTime must be less than EndTime, and Period at least 1.",
    );
  const inside = (metric?.samples ?? []).filter(({ at }) => at >= +from && at < +to);
  const byPeriod = Map.groupBy(inside, ({ at }) => Math.floor(at / periodMs) * periodMs);
  return [...byPeriod]
    .toSorted(([a], [b]) => a - b)
    .map(([at, samples]) => ({
      at: new Date(at),
      unit: samples[0]?.unit ?? "None",
      value: (statistic) => statisticOf(statistic)(samples),
    }));
}

function statisticOf(name: string) {
  const found = STATISTICS[name];
  if (found) return found;
  throw new AwsError(
    "InvalidParameterValueException",
    `The local cloud computes ${Object.keys(STATISTICS).join(", ")}; it was asked for '${name}'.`,
  );
}
