import type { WindowPlan } from "./window-plan.ts";

/** What `sla maintenance add --json` prints of a window. */
export const planJson = ({ record, parts, disturbed, recipients }: WindowPlan) => ({
  ...record,
  recipients: recipients.length,
  plans: parts.map(({ plan, instances, verdict }) => ({
    ...{ plan: plan.name, instances: instances.map(({ id }) => id), counts: verdict.counts },
    because: verdict.counts ? null : verdict.because,
  })),
  businessHours: disturbed.map(({ plan, region, hours, instances }) => ({
    ...{ plan: plan.name, region, instances },
    from: new Date(hours.fromMs).toISOString(),
    to: new Date(hours.toMs).toISOString(),
  })),
});
