import type {
  CreateScheduleInput,
  DeleteScheduleInput,
  GetScheduleInput,
  ListSchedulesInput,
} from "@aws-sdk/client-scheduler";
import { AwsError, type Operation } from "../wire/service.ts";
import type { Schedule } from "./schedule.ts";
import type { Store } from "./service.ts";

export function operations(store: Store, account: string): Record<string, Operation> {
  const arnOf = (region: string, { Name, GroupName = "default" }: GetScheduleInput) =>
    `arn:aws:scheduler:${region}:${account}:schedule/${GroupName}/${Name}`;
  const find = (region: string, input: GetScheduleInput) => {
    const schedule = store.schedules.get(arnOf(region, input));
    if (schedule) return schedule;
    throw new AwsError("ResourceNotFoundException", `Schedule ${input.Name} does not exist.`, 404);
  };
  return {
    CreateSchedule: async ({ ClientToken: _, ...spec }: CreateScheduleInput, { region }) => {
      if (store.schedules.has(arnOf(region, spec))) {
        throw new AwsError("ConflictException", `Schedule ${spec.Name} already exists.`, 409);
      }
      return { ScheduleArn: store.put(region, spec).arn };
    },
    UpdateSchedule: async ({ ClientToken: _, ...spec }: CreateScheduleInput, { region }) => {
      find(region, spec);
      return { ScheduleArn: store.put(region, spec).arn };
    },
    GetSchedule: async (input: GetScheduleInput, { region }) => {
      const schedule = find(region, input);
      return { ScheduleExpressionTimezone: "UTC", ...schedule.spec, ...summary(schedule) };
    },
    DeleteSchedule: async (input: DeleteScheduleInput, { region }) => {
      store.remove(find(region, input));
      return {};
    },
    ListSchedules: async (input: ListSchedulesInput, { region }) => {
      const here = [...store.schedules.values()].filter(
        (schedule) => schedule.region === region && wanted(schedule, input),
      );
      const from = Number(input.NextToken ?? 0);
      const to = from + (input.MaxResults ?? 100);
      return {
        Schedules: here.slice(from, to).map((schedule) => ({
          ...summary(schedule),
          Target: { Arn: schedule.spec.Target?.Arn },
        })),
        NextToken: to < here.length ? String(to) : undefined,
      };
    },
  };
}

const wanted = (
  { group, name, spec }: Schedule,
  { GroupName, NamePrefix, State }: ListSchedulesInput,
) =>
  (GroupName ?? group) === group &&
  name.startsWith(NamePrefix ?? "") &&
  (State === undefined || State === (spec.State ?? "ENABLED"));

const summary = ({ arn, group, name, spec, createdAt }: Schedule) => ({
  Arn: arn,
  GroupName: group,
  Name: name,
  State: spec.State ?? "ENABLED",
  CreationDate: createdAt,
  LastModificationDate: createdAt,
});
