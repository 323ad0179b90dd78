import type {
  DeleteAlarmsInput,
  DescribeAlarmsInput,
  MetricAlarm,
  PutMetricAlarmInput,
} from "@aws-sdk/client-cloudwatch";
import type { CallContext } from "../wire/service.ts";

/** Alarms are kept and described, and say that nothing looks at them. */
const UNWATCHED = {
  StateValue: "INSUFFICIENT_DATA",
  StateReason: "The local cloud does not evaluate alarms.",
} as const;

export function alarmOperations(account: string) {
  const alarms = new Map<string, MetricAlarm>();
  const keyOf = (region: string, name: string | undefined) => `${region}/${name}`;
  return {
    async PutMetricAlarm({ Tags: _tags, ...input }: PutMetricAlarmInput, { region }: CallContext) {
      const now = new Date();
      alarms.set(keyOf(region, input.AlarmName), {
        ActionsEnabled: true,
        ...input,
        ...UNWATCHED,
        AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${input.AlarmName}`,
        AlarmConfigurationUpdatedTimestamp: now,
        StateUpdatedTimestamp: now,
      });
    },

    async DescribeAlarms(input: DescribeAlarmsInput, { region }: CallContext) {
      const found = [...alarms]
        .filter(([key]) => key.startsWith(`${region}/`))
        .map(([, alarm]) => alarm)
        .filter((alarm) => isAskedFor(alarm, input));
      return { MetricAlarms: found, CompositeAlarms: [] };
    },

    async DeleteAlarms({ AlarmNames = [] }: DeleteAlarmsInput, { region }: CallContext) {
      for (const name of AlarmNames) alarms.delete(keyOf(region, name));
    },
  };
}

function isAskedFor({ AlarmName = "", StateValue }: MetricAlarm, input: DescribeAlarmsInput) {
  return (
    (!input.AlarmNames?.length || input.AlarmNames.includes(AlarmName)) &&
    AlarmName.startsWith(input.AlarmNamePrefix ?? "") &&
    (input.StateValue === undefined || input.StateValue === StateValue)
  );
}
