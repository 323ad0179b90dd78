import * as cw from "@aws-sdk/client-cloudwatch";
import { afterAll, describe, expect, it } from "vitest";
import { cloudwatchService } from "../../../lib/local-cloud/cloudwatch/service.ts";
import { running } from "../wire/running.ts";

const cloud = await running([cloudwatchService({ account: "111111111111" }).definition]);
const client = new cw.CloudWatchClient(cloud.client());
afterAll(() => cloud.server.close());

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 12, 0, second));
const Namespace = "Sla";
const MetricName = "RpoSeconds";
const Dimensions = [{ Name: "instance", Value: "acme" }];
const put = (MetricData: cw.MetricDatum[]) =>
  client.send(new cw.PutMetricDataCommand({ Namespace, MetricData }));

describe("metrics", () => {
  it("are summed up by period", async () => {
    const datum = (second: number, Value: number) => ({
      MetricName,
      Dimensions,
      Value,
      Timestamp: at(second),
      Unit: "Seconds" as const,
    });
    await put([datum(0, 1), datum(30, 3), datum(60, 10)]);
    const { Datapoints } = await client.send(
      new cw.GetMetricStatisticsCommand({
        Namespace,
        MetricName,
        Dimensions,
        StartTime: at(0),
        EndTime: at(120),
        Period: 60,
        Statistics: ["Sum", "Average", "Maximum", "Minimum", "SampleCount"],
      }),
    );
    expect(Datapoints).toEqual([
      {
        Timestamp: at(0),
        Unit: "Seconds",
        Sum: 4,
        Average: 2,
        Maximum: 3,
        Minimum: 1,
        SampleCount: 2,
      },
      {
        Timestamp: at(60),
        Unit: "Seconds",
        Sum: 10,
        Average: 10,
        Maximum: 10,
        Minimum: 10,
        SampleCount: 1,
      },
    ]);
  });

  it("take counted values and statistic sets, and large requests compressed", async () => {
    const many = Array.from({ length: 150 }, (_, n) => n);
    await put([
      { MetricName: "Many", Values: many, Counts: many.map(() => 2), Timestamp: at(0) },
      {
        MetricName: "Many",
        StatisticValues: { SampleCount: 1, Sum: 500, Minimum: 500, Maximum: 500 },
        Timestamp: at(1),
      },
      ...many.map((n) => ({ MetricName: `Filler${n}`, Dimensions, Value: n, Timestamp: at(0) })),
    ]);
    const query = {
      Id: "many",
      MetricStat: { Metric: { Namespace, MetricName: "Many" }, Period: 60, Stat: "SampleCount" },
    };
    const found = await client.send(
      new cw.GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(60),
        MetricDataQueries: [query],
      }),
    );
    expect(found.MetricDataResults).toMatchObject([{ Id: "many", Values: [301] }]);
  });

  it("are listed by what they have", async () => {
    const { Metrics } = await client.send(
      new cw.ListMetricsCommand({ Namespace, MetricName, Dimensions: [{ Name: "instance" }] }),
    );
    expect(Metrics).toEqual([{ Namespace, MetricName, Dimensions }]);
    const elsewhere = new cw.CloudWatchClient(cloud.client("eu-west-1"));
    expect((await elsewhere.send(new cw.ListMetricsCommand({}))).Metrics).toEqual([]);
  });

  it("refuse what is no number, and statistics nobody computes here", async () => {
    await expect(put([{ MetricName }])).rejects.toBeInstanceOf(cw.InvalidParameterValueException);
    const percentile = new cw.GetMetricDataCommand({
      StartTime: at(0),
      EndTime: at(60),
      MetricDataQueries: [
        {
          Id: "p",
          MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 60, Stat: "p99" },
        },
      ],
    });
    await expect(client.send(percentile)).rejects.toThrow("it was asked for 'p99'");
  });
});

it("speaks the query protocol of older clients too", async () => {
  const scope = "Credential=local/20261121/eu-central-2/monitoring/aws4_request";
  const ask = async (form: Record<string, string>) => {
    const answer = await fetch(cloud.url, {
      method: "POST",
      headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
      body: new URLSearchParams({ Version: "2010-08-01", ...form }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const sent = await ask({
    Action: "PutMetricData",
    Namespace: "Old",
    "MetricData.member.1.MetricName": "m",
    "MetricData.member.1.Value": "1.5",
    "MetricData.member.1.Dimensions.member.1.Name": "a",
    "MetricData.member.1.Dimensions.member.1.Value": "b&c",
  });
  expect(sent).toMatchObject({
    status: 200,
    text: expect.stringContaining("PutMetricDataResponse"),
  });
  const { text } = await ask({ Action: "ListMetrics", Namespace: "Old" });
  expect(text).toContain("<ListMetricsResult><Metrics><member><Namespace>Old</Namespace>");
  expect(text).toContain("<Value>b&amp;c</Value>");
  expect(await ask({ Action: "PutMetricData" })).toMatchObject({
    status: 400,
    text: expect.stringContaining("<Code>MissingParameter</Code>"),
  });
});

describe("alarms", () => {
  it("are kept and say that nothing evaluates them", async () => {
    await client.send(
      new cw.PutMetricAlarmCommand({
        AlarmName: "silence",
        Namespace,
        MetricName,
        ComparisonOperator: "LessThanThreshold",
        EvaluationPeriods: 2,
        Threshold: 1,
        Period: 60,
        Statistic: "Sum",
      }),
    );
    const described = await client.send(new cw.DescribeAlarmsCommand({ AlarmNamePrefix: "sil" }));
    expect(described.MetricAlarms).toMatchObject([
      {
        AlarmName: "silence",
        StateValue: "INSUFFICIENT_DATA",
        StateReason: "The local cloud does not evaluate alarms.",
      },
    ]);
    await client.send(new cw.DeleteAlarmsCommand({ AlarmNames: ["silence"] }));
    expect((await client.send(new cw.DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
  });
});
