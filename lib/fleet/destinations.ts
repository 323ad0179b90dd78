import { tooOften } from "../sla/dump-load.ts";
import type { Draft, Entry } from "./draft.ts";
import type { Mistake } from "./mistake.ts";

/** What is sent is a frozen copy: without one there would be nothing to send, and nobody would notice. */
export function destinationsFed(draft: Draft): readonly Mistake[] {
  return draft.instances.flatMap((entry) => {
    if (!entry.instance.destination || entry.doubtful.has("destination")) return [];
    return [
      ...unfed(draft, entry),
      ...ours(entry),
      ...hurried(draft, entry),
      ...fileless(draft, entry),
    ];
  });
}

function unfed({ frozen, topKeys }: Draft, { index, instance, doubtful }: Entry): Mistake[] {
  const path = ["instances", index, "destination"];
  if (!topKeys.includes("frozen")) {
    const message =
      "has nothing to be sent there: add frozen: { account, region, retainDays } to the fleet, dumps are made where it lies";
    return [{ path, message }];
  }
  if (!frozen || doubtful.has("copies") || instance.copies.includes(frozen.region)) return [];
  const message = `has nothing to be sent there: name ${frozen.region}, the region of frozen, in copies: of the instance, a dump is made of a copy restored there`;
  return [{ path, message }];
}

function fileless({ plans }: Draft, { index, instance, doubtful }: Entry): Mistake[] {
  const plan = plans[instance.plan];
  if (!instance.destination?.files || !plan || doubtful.has("plan")) return [];
  const isSold = plan.backups?.contents.includes("filestore") ?? false;
  if (isSold && instance.filestore !== undefined) return [];
  const path = ["instances", index, "destination", "files"];
  const message = isSold
    ? "there are none to be sent: name filestore: of the instance"
    : `there are none to be sent: the plan '${instance.plan}' backs up no filestore`;
  return [{ path, message }];
}

function hurried({ plans }: Draft, { index, instance, doubtful }: Entry): Mistake[] {
  const plan = plans[instance.plan];
  const why = plan && !doubtful.has("plan") ? tooOften(instance, plan) : undefined;
  if (why === undefined) return [];
  const path = ["instances", index, "destination", "every"];
  const message = `'${instance.destination?.every}' is too often: ${why}; write a longer one, or sell schedules that take more`;
  return [{ path, message }];
}

function ours({ index, instance: { destination } }: Entry): Mistake[] {
  if (destination?.kind !== "s3" || !/^sla-[a-z]+-\d{12}-/.test(destination.bucket)) return [];
  const path = ["instances", index, "destination", "bucket"];
  const message = `'${destination.bucket}' is a bucket of this product: expected one of the customer's`;
  return [{ path, message }];
}
