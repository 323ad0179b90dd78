import { GetScheduleCommand, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import { LIVE_FUNCTION } from "../../functions/live/contract.ts";
import type { Fleet } from "../sla/fleet.ts";
import type { Aws } from "./aws.ts";

/**
 * Takes the daily look at the account off its schedule: the account of a rehearsal is bootstrapped nowhere and protects nothing from deletion, and
 * people would be told so in the middle of whatever is rehearsed. Asked by a person it looks all the same.
 */
export async function pauseDailyLook({ control }: Fleet, aws: Aws): Promise<void> {
  const client = aws.scheduler(control);
  const found = await client
    .send(new GetScheduleCommand({ Name: LIVE_FUNCTION }))
    .catch((cause: Error) => {
      // What was synthesized by an older version has none.
      if (cause.name === "ResourceNotFoundException") return undefined;
      throw cause;
    });
  if (!found) return;
  const { Name, ScheduleExpression, FlexibleTimeWindow, Target } = found;
  const kept = { Name, ScheduleExpression, FlexibleTimeWindow, Target };
  await client.send(new UpdateScheduleCommand({ ...kept, State: "DISABLED" }));
}
