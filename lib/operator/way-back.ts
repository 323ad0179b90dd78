import type { InstanceStatus } from "./instance-status.ts";

/** How it comes back where nobody can be promoted: a command, or the page for those that have none. */
export const wayBack = ({
  instance,
  byHand,
}: Pick<InstanceStatus, "instance" | "byHand">): string =>
  byHand ? "docs/runbook.md#a-lost-cluster" : `sla recover ${instance} --dry-run`;
