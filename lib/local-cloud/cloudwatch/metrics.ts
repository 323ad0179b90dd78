import type { Dimension, MetricDatum, StatisticSet } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../wire/service.ts";

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly samples: Sample[];
}

/** What one datum contributed. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

/** The metrics of one region, found by namespace, name and dimensions in any order. */
export class Metrics {
  readonly #metrics = new Map<string, Metric>();

  /** Throws MissingRequiredParameterException or InvalidParameterValueException. */
  put(namespace: string, datum: MetricDatum, now: number): void {
    const name = datum.MetricName ?? "";
    if (name === "")
      throw new AwsError("MissingRequiredParameterException", "MetricName is required.");
    const dimensions = datum.Dimensions ?? [];
    const key = keyOf(namespace, name, dimensions);
    const metric = this.#metrics.get(key) ?? { namespace, name, dimensions, samples: [] };
    metric.samples.push(sampleOf(datum, now));
    this.#metrics.set(key, metric);
  }

  find(namespace: string, name: string, dimensions: readonly Dimension[]): Metric | undefined {
    return this.#metrics.get(keyOf(namespace, name, dimensions));
  }

  all(): readonly Metric[] {
    return [...this.#metrics.values()];
  }
}

function keyOf(namespace: string, name: string, dimensions: readonly Dimension[]): string {
  const pairs = dimensions.map(({ Name, Value }) => [Name, Value]);
  return JSON.stringify([namespace, name, pairs.toSorted((a, b) => (`${a}` < `${b}` ? -1 : 1))]);
}

function sampleOf(datum: MetricDatum, now: number): Sample {
  return {
    at: datum.Timestamp?.getTime() ?? now,
    unit: datum.Unit ?? "None",
    ...(datum.StatisticValues ? ofSet(datum.StatisticValues) : ofValues(datum)),
  };
}

type Numbers = Omit<Sample, "at" | "unit">;

const ofSet = (set: StatisticSet): Numbers => ({
  count: set.SampleCount ?? 0,
  sum: set.Sum ?? 0,
  min: set.Minimum ?? 0,
  max: set.Maximum ?? 0,
});

function ofValues({ MetricName, Value, Values, Counts }: MetricDatum): Numbers {
  const given = Values ?? (Value === undefined ? [] : [Value]);
  if (given.length === 0 || !given.every(Number.isFinite))
    throw new AwsError(
      "InvalidParameterValueException",
      `${MetricName}: expected Value, Values or StatisticValues with finite numbers.`,
    );
  const counts = given.map((_, index) => Counts?.[index] ?? 1);
  return {
    count: counts.reduce((a, b) => a + b),
    sum: given.reduce((total, each, index) => total + each * (counts[index] ?? 1), 0),
    min: Math.min(...given),
    max: Math.max(...given),
  };
}
