import type { Notice } from "../notify/contract.ts";
import { pointInWords, type RecoverAdmitted, type Restored } from "./recover-case.ts";

/** A person has begun it; whoever is concerned hears what is lost by it, and that it takes its time. */
export const recoverStartedNotice = (
  { request, execution, before, restored }: RecoverAdmitted,
  at: string,
): Notice => ({
  kind: "failover-started",
  instance: request.instance,
  incident: request.incident,
  ...(request.within !== undefined && { within: request.within }),
  occasion: execution.slice(execution.lastIndexOf(":") + 1),
  at,
  lines: [
    `A person brings ${request.instance} back in ${before.standby.region} from a ${pointInWords(restored.point)}: ${request.reason}.`,
    "What was written later is not in it.",
    "A restore takes from minutes to hours; nothing of what is there is touched before it stands ready.",
    "Nothing to do: a mail follows when it is done or when it needs a person.",
  ],
});

/** Further lines of the mail that says that it is done. */
export function recoveredLines({ point, roles }: Restored, missingApp: boolean): readonly string[] {
  const { primary, standby } = roles;
  const behind = [primary, ...(standby ? [standby] : [])]
    .map(({ database, region }) => `${database} in ${region}`)
    .join(" and ");
  return [
    `It was brought back from a ${pointInWords(point)}; what was written later is in ${behind}, if anywhere: kept in quarantine until somebody retires them.`,
    ...(missingApp
      ? ["The application has no place there (app.recovery): its name still leads to where it was."]
      : []),
  ];
}
