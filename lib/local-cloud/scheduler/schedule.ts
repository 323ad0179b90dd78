import type { CreateScheduleInput } from "@aws-sdk/client-scheduler";
import { AwsError } from "../wire/service.ts";
import type { Timetable } from "./cron.ts";
import { timetableOf } from "./expression.ts";

/** The words of the API and of AWS::Scheduler::Schedule alike. */
export type ScheduleSpec = Omit<CreateScheduleInput, "ClientToken">;

/** A schedule as it is kept. */
export interface Schedule {
  readonly region: string;
  readonly arn: string;
  readonly group: string;
  readonly name: string;
  readonly spec: ScheduleSpec;
  readonly createdAt: Date;
}

/** Throws ValidationException for an expression, a zone or a target that cannot be. */
export function scheduleOf(region: string, account: string, spec: ScheduleSpec): Schedule {
  const { Name: name = "", GroupName: group = "default", Target, StartDate, EndDate } = spec;
  if (!/^[\w.-]{1,64}$/.test(name))
    throw invalid(`Name '${name}': expected 1 to 64 of A-Z a-z 0-9 . _ -`);
  if (!Target?.Arn) throw invalid(`schedule ${name}: Target.Arn is missing`);
  if (StartDate ?? EndDate)
    throw invalid(`schedule ${name}: StartDate and EndDate are not supported here`);
  timetable(spec, 0);
  const arn = `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}`;
  return { region, arn, group, name, spec, createdAt: new Date() };
}

export function timetable(spec: ScheduleSpec, originMs: number): Timetable {
  const zone = spec.ScheduleExpressionTimezone ?? "UTC";
  try {
    return timetableOf(String(spec.ScheduleExpression), zone, originMs);
  } catch (cause) {
    throw invalid((cause as Error).message);
  }
}

const invalid = (message: string) => new AwsError("ValidationException", message, 400);
