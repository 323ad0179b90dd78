import * as client from "@aws-sdk/client-cloudwatch";
import { AwsError, type CallContext, type ServiceDefinition } from "../wire/service.ts";
import { alarmOperations } from "./alarms.ts";
import { type Metric, Metrics } from "./metrics.ts";
import { bucketsOf } from "./statistics.ts";

/** Entries of one ListMetrics answer. */
const PAGE = 500;

type MetricsOf = (context: CallContext) => Metrics;

/** CloudWatch: metrics per region with their plain statistics; alarms are kept, not evaluated. */
export function cloudwatchService({ account }: { readonly account: string }): {
  readonly definition: ServiceDefinition;
} {
  const regions = new Map<string, Metrics>();
  const metricsOf: MetricsOf = ({ region }) => {
    const metrics = regions.get(region) ?? new Metrics();
    regions.set(region, metrics);
    return metrics;
  };
  return {
    definition: {
      name: "cloudwatch",
      client,
      operations: {
        ...writeOperations(metricsOf),
        ...readOperations(metricsOf),
        ...alarmOperations(account),
      },
    },
  };
}

function writeOperations(metricsOf: MetricsOf) {
  return {
    async PutMetricData(input: client.PutMetricDataInput, context: CallContext) {
      const { Namespace = "", MetricData = [] } = input;
      if (Namespace === "")
        throw new AwsError("MissingRequiredParameterException", "Namespace is required.");
      const now = Date.now();
      for (const datum of MetricData) metricsOf(context).put(Namespace, datum, now);
    },
  };
}

function readOperations(metricsOf: MetricsOf) {
  return {
    async GetMetricStatistics(input: client.GetMetricStatisticsInput, context: CallContext) {
      const { Namespace = "", MetricName = "", Dimensions = [], Statistics = [] } = input;
      const metric = metricsOf(context).find(Namespace, MetricName, Dimensions);
      const { StartTime: from, EndTime: to, Period: periodSeconds } = input;
      const Datapoints = bucketsOf(metric, { from, to, periodSeconds }).map((bucket) => ({
        Timestamp: bucket.at,
        Unit: bucket.unit,
        ...Object.fromEntries(Statistics.map((name) => [name, bucket.value(name)])),
      }));
      return { Label: MetricName, Datapoints };
    },

    async GetMetricData(input: client.GetMetricDataInput, context: CallContext) {
      const wanted = (input.MetricDataQueries ?? []).filter(
        ({ ReturnData }) => ReturnData !== false,
      );
      const metrics = metricsOf(context);
      return { MetricDataResults: wanted.map((query) => resultOf(metrics, query, input)) };
    },

    async ListMetrics(input: client.ListMetricsInput, context: CallContext) {
      const found = metricsOf(context)
        .all()
        .filter((metric) => isAskedFor(metric, input));
      const from = Number(input.NextToken ?? 0);
      const page = found.slice(from, from + PAGE);
      const more = from + PAGE < found.length ? { NextToken: String(from + PAGE) } : {};
      const Metrics = page.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: dimensions,
      }));
      return { Metrics, ...more };
    },
  };
}

function resultOf(
  metrics: Metrics,
  query: client.MetricDataQuery,
  input: client.GetMetricDataInput,
) {
  const { Metric: asked, Period: periodSeconds, Stat = "" } = query.MetricStat ?? {};
  if (!asked)
    throw new AwsError(
      "ValidationError",
      `${query.Id}: the local cloud answers MetricStat queries, it does not compute expressions.`,
    );
  const metric = metrics.find(
    asked.Namespace ?? "",
    asked.MetricName ?? "",
    asked.Dimensions ?? [],
  );
  const buckets = bucketsOf(metric, { from: input.StartTime, to: input.EndTime, periodSeconds });
  const ordered = input.ScanBy === "TimestampAscending" ? buckets : buckets.toReversed();
  return {
    Id: query.Id,
    Label: query.Label ?? asked.MetricName,
    StatusCode: "Complete",
    Timestamps: ordered.map(({ at }) => at),
    Values: ordered.map((bucket) => bucket.value(Stat)),
  };
}

function isAskedFor(metric: Metric, input: client.ListMetricsInput): boolean {
  const has = ({ Name, Value }: client.DimensionFilter) =>
    metric.dimensions.some(
      (own) => own.Name === Name && (Value === undefined || own.Value === Value),
    );
  return (
    (input.Namespace === undefined || input.Namespace === metric.namespace) &&
    (input.MetricName === undefined || input.MetricName === metric.name) &&
    (input.Dimensions ?? []).every(has)
  );
}
